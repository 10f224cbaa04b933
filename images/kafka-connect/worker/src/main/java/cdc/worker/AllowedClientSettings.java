package cdc.worker;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest;

/**
 * What a connector may set of its Kafka clients (`producer.override.*` and the like): what the worker's list names, and no login
 * module, class or address. Kafka has such a policy, `Allowlist`, from 4.2 on; the setting has its name.
 */
public final class AllowedClientSettings implements ConnectorClientConfigOverridePolicy {
  static final String ALLOWLIST = "connector.client.config.override.allowlist";

  private Set<String> allowed = Set.of();

  @Override
  public void configure(Map<String, ?> worker) {
    Object list = worker.get(ALLOWLIST);
    allowed = list == null ? Set.of() : Arrays.stream(list.toString().split(",")).map(String::trim).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public List<ConfigValue> validate(ConnectorClientConfigRequest request) {
    return request.clientProps().entrySet().stream().map(entry -> checked(entry.getKey(), entry.getValue())).toList();
  }

  private ConfigValue checked(String name, Object value) {
    ConfigValue result = new ConfigValue(name);
    result.value(value);
    if (!allowed.contains(name)) {
      result.addErrorMessage("A connector may not set " + name + " of its Kafka clients; the worker's " + ALLOWLIST + " has what it may.");
    }
    return result;
  }

  @Override
  public void close() {}
}
