package org.etascope.examples.demo;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Ctrl-C, kindly: the first signal asks the run to end, which still saves and shows what there is; the second ends the
 * program at once.
 *
 * <p>A shutdown hook alone cannot do this: once the hooks run, the JVM takes no notice of a second signal. So the
 * signals are caught through sun.misc.Signal, the one way Java has, reached by reflection because the compiler warns of
 * the class and of nothing else. On a JVM without it, a signal ends the program as ever.
 */
final class Interruption {
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final int SIGNALLED = 128;

    private final AtomicInteger exitCode = new AtomicInteger();
    private final IntConsumer atOnce;

    /**
     * Prepares to be interrupted.
     *
     * @param atOnce called with the exit code on the second signal
     */
    Interruption(IntConsumer atOnce) {
        this.atOnce = atOnce;
    }

    /** Catches Ctrl-C and termination from here on. */
    void install() {
        handle("INT", SIGNALLED + SIGINT);
        handle("TERM", SIGNALLED + SIGTERM);
    }

    private void handle(String name, int code) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        arrived(code);
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // This JVM keeps the signal to itself.
        }
    }

    void arrived(int code) {
        if (!exitCode.compareAndSet(0, code)) {
            atOnce.accept(code);
        }
    }

    /** {@return whether the run is to end} */
    boolean arrived() {
        return exitCode.get() != 0;
    }

    /** {@return 0, or 128 plus the signal's number} */
    int exitCode() {
        return exitCode.get();
    }
}
