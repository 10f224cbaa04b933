package cdc.connect;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Objects of JDBC of which some methods do something else. */
final class Wrapped {
  /** What a method does, with the arguments it was called with; null when it has none. */
  interface Call {
    Object to(Method method, Object[] arguments) throws Throwable;
  }

  private Wrapped() {}

  static <T> T of(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(Wrapped.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> call.to(method, arguments)));
  }

  /** What the method does by itself. */
  static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException error) {
      throw error.getCause();
    }
  }
}
