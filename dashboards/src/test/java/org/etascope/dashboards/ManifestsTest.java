package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests, read with the classes of a Kubernetes client; there is no cluster here. */
class ManifestsTest {
    private static final Path FOLDER = Shipped.HOME.resolve("kubernetes");
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "Deployment", Deployment.class,
            "Job", Job.class,
            "NetworkPolicy", NetworkPolicy.class,
            "PersistentVolumeClaim", PersistentVolumeClaim.class,
            "PodMonitor", PodMonitor.class,
            "PrometheusRule", PrometheusRule.class);

    /** A key that the classes do not know is an error, where they would keep it aside. */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated method) {
                    return false;
                }
            })
            .build();

    private final Deployment watch = (Deployment) manifest("watch/deployment.yml");
    private final Job training = (Job) manifest("sidecar/job.yml");
    private final PodMonitor monitor = (PodMonitor) manifest("podmonitor.yml");
    private final NetworkPolicy policy = (NetworkPolicy) manifest("networkpolicy.yml");

    @Test
    void kustomizations_nameEveryFile_andEachIsAManifest() {
        List<Path> named = new ArrayList<>();
        for (Path root : List.of(FOLDER, FOLDER.resolve("sidecar"))) {
            collect(root, named);
        }

        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                manifests(),
                                Shipped.dashboardUids().stream()
                                        .map(uid -> Shipped.GRAFANA.resolve("dashboards/" + uid + ".json")))
                        .toList());
        manifests()
                .forEach(file -> assertThat(manifest(FOLDER.relativize(file).toString())
                                .getMetadata()
                                .getName())
                        .as(file.toString())
                        .isNotBlank());
    }

    @Test
    void dashboards_eachFitsIntoAConfigMap() throws IOException {
        for (String uid : Shipped.dashboardUids()) {
            assertThat(Files.size(Shipped.GRAFANA.resolve("dashboards/" + uid + ".json")))
                    .as(uid)
                    .isLessThan(1_000_000);
        }
    }

    @Test
    void pods_areScrapedAndReachable() {
        for (PodTemplateSpec pod :
                List.of(watch.getSpec().getTemplate(), training.getSpec().getTemplate())) {
            Map<String, String> labels = pod.getMetadata().getLabels();
            assertThat(labels)
                    .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels())
                    .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
            String port = monitor.getSpec().getPodMetricsEndpoints().get(0).getPort();
            assertThat(policy.getSpec()
                            .getIngress()
                            .get(0)
                            .getPorts()
                            .get(0)
                            .getPort()
                            .getStrVal())
                    .isEqualTo(port);
            assertThat(etascope(pod).getPorts())
                    .extracting(exposed -> exposed.getName() + " " + exposed.getContainerPort())
                    .containsExactly(port + " 9464");
        }
        assertThat(watch.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(watch.getSpec().getSelector().getMatchLabels());
    }

    @Test
    void volumes_areThoseThatAreMounted() {
        for (PodTemplateSpec pod :
                List.of(watch.getSpec().getTemplate(), training.getSpec().getTemplate())) {
            Set<String> mounted = pod.getSpec().getContainers().stream()
                    .flatMap(container -> container.getVolumeMounts().stream())
                    .map(mount -> mount.getName())
                    .collect(Collectors.toSet());
            assertThat(pod.getSpec().getVolumes())
                    .extracting(Volume::getName)
                    .containsExactlyInAnyOrderElementsOf(mounted);
        }
        assertThat(watch.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getVolumes()
                        .get(0)
                        .getPersistentVolumeClaim()
                        .getClaimName())
                .isEqualTo(manifest("watch/claim.yml").getMetadata().getName());
    }

    @Test
    void arguments_ofTheDeployment_watchAFolderOfLogs(@TempDir Path directory) throws Exception {
        watches(watch.getSpec().getTemplate(), directory, "a-run");
    }

    @Test
    void arguments_ofTheSidecar_watchTheTrainingsLog(@TempDir Path directory) throws Exception {
        watches(training.getSpec().getTemplate(), directory, "char-lm");
    }

    /** Starts what the container would, its mounts being folders of ours, and waits for the run in the metrics. */
    private static void watches(PodTemplateSpec pod, Path directory, String run) throws Exception {
        Path logs = Files.createDirectory(directory.resolve("logs"));
        Files.createDirectory(directory.resolve("runs"));
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 50; step++) {
            lines.append("{\"step\": ")
                    .append(step)
                    .append(", \"loss\": ")
                    .append(10 - step / 10.0)
                    .append("}\n");
        }
        Files.writeString(logs.resolve(run + ".jsonl"), lines);
        int port = Programs.freePort();
        List<Object> command = new ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "org.etascope.cli.Main"));
        for (String argument : etascope(pod).getArgs()) {
            command.add(argument.replace("/logs", logs.toString())
                    .replace("/runs", directory.resolve("runs").toString())
                    .replace("0.0.0.0", "127.0.0.1"));
        }
        command.add("--port=" + port);
        Process process = Programs.start(directory.resolve("out"), "java", command.toArray());
        try {
            HttpRequest scrape = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .build();
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(HttpClient.newHttpClient()
                                    .send(scrape, BodyHandlers.ofString())
                                    .body())
                            .containsPattern("etascope_run_tokens\\{run=\"" + run + "\"[^}]*} 2.62144E7"));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Container etascope(PodTemplateSpec pod) {
        return pod.getSpec().getContainers().stream()
                .filter(container -> container.getName().equals("etascope"))
                .findFirst()
                .orElseThrow();
    }

    /** Every file that a kustomization takes in, itself and others; a folder stands for its own kustomization. */
    private static void collect(Path folder, List<Path> into) {
        Map<String, Object> kustomization = yaml(folder.resolve("kustomization.yml"));
        for (Object resource : (List<?>) kustomization.getOrDefault("resources", List.of())) {
            Path path = folder.resolve((String) resource).normalize();
            if (Files.isDirectory(path)) {
                collect(path, into);
            } else {
                into.add(path);
            }
        }
        for (Object generator : (List<?>) kustomization.getOrDefault("configMapGenerator", List.of())) {
            ((List<?>) ((Map<?, ?>) generator).get("files"))
                    .forEach(file -> into.add(folder.resolve((String) file).normalize()));
        }
    }

    private static Stream<Path> manifests() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(".yml") && !file.endsWith("kustomization.yml"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HasMetadata manifest(String file) {
        Map<String, Object> document = yaml(FOLDER.resolve(file));
        return STRICT.convertValue(document, KINDS.get(document.get("kind")));
    }

    private static Map<String, Object> yaml(Path file) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Shipped.read(file));
    }
}
