package org.etascope.dl4j;

/**
 * How often something is done while a network trains. Immutable.
 *
 * <pre>{@code
 * EtaListener.builder(monitor).validateOn(heldOut, Every.epochs(1)).build();
 * EtaListener.builder(monitor).validateOn(heldOut, Every.iterations(500)).build();
 * }</pre>
 */
public final class Every {
    private final int count;
    private final boolean byEpoch;

    private Every(String unit, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("every " + count + " " + unit + ", allowed: 1 or more");
        }
        this.count = count;
        this.byEpoch = unit.equals("epochs");
    }

    /**
     * {@return at the end of every so many epochs, counted by the network since it was made}
     *
     * @param count how many, at least 1
     */
    public static Every epochs(int count) {
        return new Every("epochs", count);
    }

    /**
     * {@return after every so many iterations, counted by the network since it was made}
     *
     * @param count how many, at least 1
     */
    public static Every iterations(int count) {
        return new Every("iterations", count);
    }

    boolean dueAfterEpoch(int epoch) {
        return byEpoch && (epoch + 1) % count == 0;
    }

    boolean dueAfterIteration(int iteration) {
        return !byEpoch && (iteration + 1) % count == 0;
    }

    @Override
    public String toString() {
        return "every " + count + (byEpoch ? " epochs" : " iterations");
    }
}
