package org.etascope.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A count as people write it: 124475904, 124_475_904, 124.5M, 1.3B, 1e9. At least 1, below 2^63. */
final class Quantity implements ITypeConverter<Long> {
    private static final Map<Character, BigDecimal> SUFFIXES = Map.of(
            'k', new BigDecimal("1e3"),
            'm', new BigDecimal("1e6"),
            'b', new BigDecimal("1e9"),
            'g', new BigDecimal("1e9"),
            't', new BigDecimal("1e12"));
    private static final int LONGEST = 40;

    @Override
    public Long convert(String text) {
        String number = text.strip().toLowerCase(Locale.ROOT).replace("_", "");
        try {
            BigDecimal factor = number.isEmpty() ? null : SUFFIXES.get(number.charAt(number.length() - 1));
            BigDecimal value = factor == null
                    ? decimal(number)
                    : decimal(number.substring(0, number.length() - 1)).multiply(factor);
            long count = value.longValueExact();
            if (count >= 1) {
                return count;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Said below, with what is allowed.
        }
        throw new TypeConversionException(
                "'" + text + "' is not a count, allowed: 1 or more, such as 124475904 or 124M");
    }

    /** An exponent of a billion would be expanded digit by digit. */
    private static BigDecimal decimal(String number) {
        BigDecimal value = new BigDecimal(number.substring(0, Math.min(LONGEST, number.length())));
        if (number.length() > LONGEST || Math.abs((long) value.scale()) > LONGEST) {
            throw new NumberFormatException(number);
        }
        return value;
    }
}
