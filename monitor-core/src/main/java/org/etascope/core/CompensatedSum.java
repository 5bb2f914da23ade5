package org.etascope.core;

/**
 * A running sum whose rounding errors are summed beside it (Neumaier 1974), so that a billion terms cost no digit.
 * Finite terms only. Not thread-safe; one addition is a handful of instructions.
 */
final class CompensatedSum {
    private double sum;
    private double compensation;

    CompensatedSum(double sum, double compensation) {
        this.sum = sum;
        this.compensation = compensation;
    }

    void add(double term) {
        double next = sum + term;
        compensation += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
        sum = next;
    }

    void reset() {
        sum = 0;
        compensation = 0;
    }

    double sum() {
        return sum;
    }

    double compensation() {
        return compensation;
    }

    double value() {
        return sum + compensation;
    }
}
