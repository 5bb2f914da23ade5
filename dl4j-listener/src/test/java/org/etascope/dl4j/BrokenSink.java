package org.etascope.dl4j;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A monitor that throws at every call, exceptions and errors in turn. */
final class BrokenSink {
    private final Sink sink = (Sink) Proxy.newProxyInstance(
            Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (proxy, method, args) -> fail(method));
    private int calls;
    private int errorsCounted;

    private Object fail(Method method) throws Throwable {
        calls++;
        if (method.getName().equals("countError")) {
            errorsCounted++;
        }
        throw calls % 2 == 0 ? new IllegalStateException("broken") : new StackOverflowError();
    }

    Sink sink() {
        return sink;
    }

    int calls() {
        return calls;
    }

    int errorsCounted() {
        return errorsCounted;
    }
}
