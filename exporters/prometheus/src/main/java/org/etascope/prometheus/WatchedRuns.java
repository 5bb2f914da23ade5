package org.etascope.prometheus;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.recording.RecordedRuns;
import org.etascope.recording.Recording;

/** The runs of an endpoint and the registry that their meters are in. Any thread may call any method. */
final class WatchedRuns implements AutoCloseable {
    /** Runs that have ended stay on the page, and a while in the metrics; the oldest go when there are more than this. */
    private static final int MOST_ENDED_RUNS = 100;

    /** Answers kept for those who ask within the same quarter of a second take this share of the heap at most. */
    private static final int HEAP_SHARE = 32;

    private final Exposition exposition;
    private final List<WatchedRun> runs = new CopyOnWriteArrayList<>();
    private final Map<Path, RecordedRuns> recorded = new ConcurrentHashMap<>();
    private long added;
    private final Answers answers =
            new Answers(this::ends, System::nanoTime, Runtime.getRuntime().maxMemory() / HEAP_SHARE);

    WatchedRuns(Exposition exposition) {
        this.exposition = exposition;
        exposition.show(runs);
    }

    MeterRegistry registry() {
        return exposition.registry();
    }

    /** Adds a run; one that is here already stays as it is. An ended run of the same name makes way. */
    synchronized WatchedRun add(RunMonitor monitor) {
        for (WatchedRun run : runs) {
            if (run.monitor() == monitor) {
                return run;
            }
        }
        WatchedRun watched = new WatchedRun(monitor);
        runs.removeIf(run -> run.name().equals(watched.name()));
        List<WatchedRun> ended =
                runs.stream().filter(run -> run.monitor().closed()).toList();
        ended.subList(0, Math.max(0, ended.size() - MOST_ENDED_RUNS)).forEach(this::remove);
        watched.meters().bindTo(registry());
        runs.add(watched);
        added++;
        return watched;
    }

    synchronized void remove(WatchedRun run) {
        run.meters().close();
        runs.remove(run);
    }

    /** Shows the runs recorded in a folder too, on the page alone: metrics are of what happens now. */
    void show(Path folder) {
        recorded.computeIfAbsent(folder.toAbsolutePath(), path -> {
            try {
                return new RecordedRuns(path);
            } catch (IOException e) {
                // It was there a moment ago, when the setting was checked.
                throw new EndpointException("cannot show the recordings in " + folder + ": " + e, e);
            }
        });
    }

    /** {@return all runs: those watched, in the order of their arrival, then those recorded} */
    List<RunSnapshot> all() {
        // A run that is watched is known better than its journal.
        Map<String, RunSnapshot> all = new LinkedHashMap<>();
        runs.forEach(run -> all.put(run.name(), run.snapshot()));
        recorded.values()
                .forEach(folder ->
                        folder.runs().forEach(run -> all.putIfAbsent(run.info().run(), run)));
        return List.copyOf(all.values());
    }

    Optional<Recording> find(String name) {
        return runs.stream()
                .filter(run -> run.name().equals(name))
                .map(WatchedRun::recording)
                .findFirst()
                .or(() -> recorded.values().stream()
                        .flatMap(folder -> folder.find(name).stream())
                        .findFirst());
    }

    /**
     * The metrics.
     *
     * @param contentType of the text
     * @param names the metrics asked for, as they are called in the text; empty for all
     * @param gzip whether compressed
     */
    record Scrape(String contentType, Set<String> names, boolean gzip) {}

    /** {@return the metrics for one scrape} */
    Answers.Kept scrape(Scrape scrape) {
        return answers.get(scrape, () -> metrics(scrape));
    }

    /**
     * {@return an answer about a run for all who ask the same at the same time}
     *
     * @param question equal where the answer is
     * @param maker makes it
     */
    Answers.Kept about(Object question, Supplier<Answer> maker) {
        return answers.get(question, maker);
    }

    /** The next scrape shows what is now. */
    void forgetAnswers() {
        answers.forget();
    }

    /** {@return how many runs there have been, if all of them have ended; otherwise -1} */
    synchronized long ends() {
        return runs.stream().allMatch(run -> run.monitor().closed()) ? added : -1;
    }

    /** {@return the metrics, each run's from one moment} */
    private Answer metrics(Scrape scrape) {
        List<WatchedRun> scraped = List.copyOf(runs);
        try {
            scraped.forEach(run -> run.meters().freeze());
            return Answer.written(
                    scrape.contentType(),
                    scrape.gzip() ? Answer.FAST_GZIP : Answer.PLAIN,
                    out -> exposition.write(out, scrape.contentType(), scrape.names()));
        } finally {
            scraped.forEach(run -> run.meters().thaw());
        }
    }

    @Override
    public void close() {
        runs.forEach(this::remove);
        exposition.close();
    }
}
