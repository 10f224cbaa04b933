package cdc.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  private final Path folder = Path.of(SecretFiles.FOLDER);

  @BeforeEach
  void makeFolder() throws IOException {
    Files.createDirectories(folder);
  }

  private static Map<String, String> read(Map<String, ?> settings, String path) {
    try (SecretFiles provider = new SecretFiles()) {
      provider.configure(settings);
      return provider.get(path).data();
    }
  }

  @Test
  void readsFilesOfItsFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("test.properties"), "password=secret\n");
    try {
      assertEquals(Map.of("password", "secret"), read(Map.of(), file.toString()));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void readsNothingElseWhateverItIsToldToAllow(@TempDir Path elsewhere) throws IOException {
    Path file = Files.writeString(elsewhere.resolve("test.properties"), "password=secret\n");
    Map<String, String> everything = Map.of("allowed.paths", "/");
    assertEquals(Map.of(), read(everything, file.toString()));
    assertEquals(Map.of(), read(everything, folder.resolve("..").resolve("..").resolve(folder.getRoot().relativize(file)).toString()));
  }
}
