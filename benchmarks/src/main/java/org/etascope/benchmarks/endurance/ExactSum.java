package org.etascope.benchmarks.endurance;

import java.math.BigDecimal;
import java.math.BigInteger;

/** A sum of products of whole numbers, exact: 128 bits. */
final class ExactSum {
    private long high;
    private long low;

    /** Adds a product that fits into 63 bits, not negative. */
    void add(long product) {
        long sum = low + product;
        if (Long.compareUnsigned(sum, low) < 0) {
            high++;
        }
        low = sum;
    }

    /** {@return the sum times 2^-bits} */
    BigDecimal times2ToTheMinus(int bits) {
        BigInteger whole =
                BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(new BigInteger(Long.toUnsignedString(low)));
        // A power of two divides exactly: the quotient's digits end.
        return new BigDecimal(whole).divide(new BigDecimal(BigInteger.ONE.shiftLeft(bits)));
    }
}
