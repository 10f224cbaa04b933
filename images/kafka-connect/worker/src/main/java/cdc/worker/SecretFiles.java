package cdc.worker;

import java.util.Map;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * Values of the files in one folder, `${file:/kafka/secrets/<file>:<key>}`: Kafka's own provider, whose folder nobody chooses. Where
 * Kafka's may be used, any connector's config can declare one of its own (`config.providers`), which reads whatever the worker may.
 */
public final class SecretFiles extends FileConfigProvider {
  static final String FOLDER = "/kafka/secrets";

  @Override
  public void configure(Map<String, ?> settings) {
    super.configure(Map.of(ALLOWED_PATHS_CONFIG, FOLDER));
  }
}
