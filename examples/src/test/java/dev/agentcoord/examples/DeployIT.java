package dev.agentcoord.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the examples of deployment to the schemas of those who read them, and to each other. */
final class DeployIT {
    private static final Path DEPLOY = Path.of(System.getProperty("basedir"), "deploy");
    private static final Path ZOOKEEPER = DEPLOY.resolve("kubernetes/zookeeper.yaml");
    private static final Path AGENTS = DEPLOY.resolve("kubernetes/agents.yaml");
    private static final Path NOMAD = DEPLOY.resolve("nomad/agents.nomad.json");

    @Test
    void every_set_of_pods_has_the_headless_service_it_names_and_selects_its_own_pods() throws IOException {
        for (Path path : List.of(ZOOKEEPER, AGENTS)) {
            KubernetesFile file = KubernetesFile.read(path);
            assertThat(file.all(V1StatefulSet.class)).hasSize(1).allSatisfy(set -> {
                var labels = set.getSpec().getTemplate().getMetadata().getLabels();
                assertThat(labels)
                        .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels());
                assertThat(file.all(V1Service.class))
                        .filteredOn(service -> service.getMetadata()
                                .getName()
                                .equals(set.getSpec().getServiceName()))
                        .singleElement()
                        .satisfies(service -> {
                            assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
                            assertThat(labels)
                                    .containsAllEntriesOf(service.getSpec().getSelector());
                        });
            });
        }
    }

    @Test
    void a_drain_leaves_a_majority_of_the_servers() throws IOException {
        KubernetesFile file = KubernetesFile.read(ZOOKEEPER);
        V1StatefulSet servers = file.all(V1StatefulSet.class).get(0);
        V1PodDisruptionBudget budget = file.all(V1PodDisruptionBudget.class).get(0);

        int replicas = servers.getSpec().getReplicas();
        int away = budget.getSpec().getMaxUnavailable().getIntValue();
        assertThat(replicas - away).isGreaterThan(replicas / 2);
        assertThat(budget.getSpec().getSelector()).isEqualTo(servers.getSpec().getSelector());
    }

    @Test
    void servers_and_agents_know_every_server_by_its_pods_name() throws IOException {
        V1StatefulSet set =
                KubernetesFile.read(ZOOKEEPER).all(V1StatefulSet.class).get(0);
        var environment =
                set.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv();
        String servers = environment.stream()
                .filter(variable -> variable.getName().equals("ZOO_SERVERS"))
                .findFirst()
                .orElseThrow()
                .getValue();
        String agents = Files.readString(AGENTS);

        assertThat(servers.split(" ", -1)).hasSize(set.getSpec().getReplicas());
        for (int ordinal = 0; ordinal < set.getSpec().getReplicas(); ordinal++) {
            String host = set.getMetadata().getName() + "-" + ordinal + "."
                    + set.getSpec().getServiceName();
            assertThat(servers).contains("server." + (ordinal + 1) + "=" + host + ":2888:3888;2181");
            assertThat(agents).contains(host + ":2181");
        }
    }

    @Test
    void a_wrong_manifest_is_refused_by_the_name_of_the_field() throws IOException {
        String right = Files.readString(ZOOKEEPER);

        assertRefused(right.replace("serviceName:", "servicename:"), "servicename");
        assertRefused(right.replace("readinessProbe:", "readynessProbe:"), "readynessProbe");
        assertRefused(right.replace("    - { name: client, port: 2181 }", "    - { name: client }"), "port");
        assertRefused(right.replace("replicas: 3", "replicas: three"), "three");
        assertRefused(right.replace("apps/v1", "apps/v1beta1"), "apps/v1beta1 StatefulSet");
    }

    @Test
    void the_nomad_job_keeps_to_the_schema() throws IOException {
        assertThat(faults(Files.readString(NOMAD))).isEmpty();
    }

    @Test
    void a_wrong_nomad_job_is_refused_by_the_place_of_the_fault() throws IOException {
        String right = Files.readString(NOMAD);

        assertFault(right.replace("\"KillTimeout\": 45000000000", "\"KillTimeout\": \"45s\""), "KillTimeout");
        assertFault(right.replace("\"Count\"", "\"count\""), "count");
        assertFault(right.replace("\"service\"", "\"deployment\""), "Type");
        assertFault(right.replace("\"MemoryMB\": 1024, ", ""), "MemoryMB");
        assertFault(right.replace("local/prompt", "../prompt"), "DestPath");
    }

    private static void assertRefused(String manifest, String word) {
        assertThatThrownBy(() -> KubernetesFile.parse(manifest)).hasMessageContaining(word);
    }

    private static void assertFault(String job, String word) throws IOException {
        assertThat(faults(job))
                .isNotEmpty()
                .anySatisfy(fault -> assertThat(fault).contains(word));
    }

    private static List<String> faults(String job) throws IOException {
        try (InputStream in = DeployIT.class.getResourceAsStream("/nomad-job.schema.json")) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(in);
            return schema.validate(new ObjectMapper().readTree(job)).stream()
                    .map(Error::toString)
                    .toList();
        }
    }
}
