package dev.agentcoord.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The resources of a YAML file, read by the models that Kubernetes publishes: they refuse what they do not know and miss what must be there. */
final class KubernetesFile {
    private final List<Object> resources = new ArrayList<>();

    private KubernetesFile() {}

    static KubernetesFile read(Path file) throws IOException {
        try (MappingIterator<JsonNode> documents =
                new YAMLMapper().readerFor(JsonNode.class).readValues(file.toFile())) {
            return of(documents);
        }
    }

    static KubernetesFile parse(String text) throws IOException {
        try (MappingIterator<JsonNode> documents =
                new YAMLMapper().readerFor(JsonNode.class).readValues(text)) {
            return of(documents);
        }
    }

    private static KubernetesFile of(MappingIterator<JsonNode> documents) throws IOException {
        KubernetesFile file = new KubernetesFile();
        while (documents.hasNext()) {
            file.resources.add(resource(documents.next()));
        }
        return file;
    }

    <T> List<T> all(Class<T> type) {
        return resources.stream()
                .flatMap(resource -> type.isInstance(resource) ? Stream.of(type.cast(resource)) : Stream.empty())
                .toList();
    }

    private static Object resource(JsonNode document) throws IOException {
        String json = document.toString();
        String kind = document.path("apiVersion").asText() + " "
                + document.path("kind").asText();
        return switch (kind) {
            case "v1 ConfigMap" -> V1ConfigMap.fromJson(json);
            case "v1 Service" -> V1Service.fromJson(json);
            case "apps/v1 StatefulSet" -> V1StatefulSet.fromJson(json);
            case "networking.k8s.io/v1 NetworkPolicy" -> V1NetworkPolicy.fromJson(json);
            case "policy/v1 PodDisruptionBudget" -> V1PodDisruptionBudget.fromJson(json);
            default -> throw new IllegalArgumentException("no such kind of resource here: " + kind);
        };
    }
}
