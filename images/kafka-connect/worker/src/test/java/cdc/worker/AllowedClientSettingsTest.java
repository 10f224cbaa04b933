package cdc.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
import org.apache.kafka.connect.health.ConnectorType;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;

class AllowedClientSettingsTest {
  private static List<String> refused(Map<String, ?> worker, Map<String, Object> settings) {
    AllowedClientSettings policy = new AllowedClientSettings();
    policy.configure(worker);
    return policy
        .validate(new ConnectorClientConfigRequest("c", ConnectorType.SOURCE, SourceConnector.class, settings, ClientType.PRODUCER))
        .stream().filter(value -> !value.errorMessages().isEmpty()).map(value -> value.name()).sorted().toList();
  }

  @Test
  void whatTheListNamesMayBeSetAndNothingElse() {
    assertEquals(
        List.of("bootstrap.servers", "sasl.jaas.config"),
        refused(
            Map.of("connector.client.config.override.allowlist", "linger.ms, batch.size"),
            Map.of("linger.ms", "5", "batch.size", 1, "sasl.jaas.config", "x", "bootstrap.servers", "x")));
  }

  @Test
  void withoutAListNothingMayBeSet() {
    assertEquals(List.of("linger.ms"), refused(Map.of(), Map.of("linger.ms", "5")));
  }
}
