package org.etascope.core;

/** Checks that NaN fails. Each message carries the name, the value and what is allowed. */
final class Arguments {
    private Arguments() {}

    static double within(String name, double value, double low, double high) {
        if (value >= low && value <= high) {
            return value;
        }
        throw new IllegalArgumentException(name + " is " + value + ", allowed: " + low + " to " + high);
    }

    static double positive(String name, double value) {
        if (value > 0 && value < Double.POSITIVE_INFINITY) {
            return value;
        }
        throw new IllegalArgumentException(name + " is " + value + ", allowed: a finite number above 0");
    }

    static double finite(String name, double value) {
        if (Double.isFinite(value)) {
            return value;
        }
        throw new IllegalArgumentException(name + " is " + value + ", allowed: a finite number");
    }

    static long notNegative(String name, long value) {
        if (value >= 0) {
            return value;
        }
        throw new IllegalArgumentException(name + " is " + value + ", allowed: 0 or more");
    }

    static long positive(String name, long value) {
        if (value > 0) {
            return value;
        }
        throw new IllegalArgumentException(name + " is " + value + ", allowed: 1 or more");
    }

    static String name(String what, String name) {
        if (name.length() <= RunInfo.LONGEST_NAME) {
            return name;
        }
        throw new IllegalArgumentException(
                what + " has " + name.length() + " characters, allowed: up to " + RunInfo.LONGEST_NAME);
    }
}
