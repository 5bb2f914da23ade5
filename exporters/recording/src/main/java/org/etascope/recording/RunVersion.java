package org.etascope.recording;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.CurvePoint;
import org.etascope.core.RunSnapshot;

/**
 * What a reader of {@link RunJson#changes} has seen of a run, as one word.
 *
 * @param basis a hash of N, H and U, which count for all points: where one of them is learnt, all are told anew
 * @param happened a hash of the lists of what happened
 * @param rest a hash of all else that changes
 * @param points how many points of the curve there were
 * @param tokens D at the last of them, 0 for none: where another stands in its place, the run went back
 */
record RunVersion(int basis, int happened, int rest, int points, long tokens) {
    private static final RunVersion NOTHING = new RunVersion(0, 0, 0, 0, 0);
    private static final Pattern WORD =
            Pattern.compile("([0-9a-f]{1,8})\\.([0-9a-f]{1,8})\\.([0-9a-f]{1,8})\\.(\\d{1,9})\\.(\\d{1,18})");

    static RunVersion of(Recording recording) {
        RunSnapshot now = recording.snapshot();
        List<CurvePoint> curve = recording.curve();
        return new RunVersion(
                Objects.hash(now.info().size(), now.baseline(), now.progress().uniqueTokens()),
                Objects.hash(
                        recording.events(), recording.marks(), recording.validationCurve(), recording.layerCurve()),
                Objects.hash(
                        now.progress(),
                        now.process().skippedSteps(),
                        now.timeline(),
                        now.info(),
                        now.verdict().phase()),
                curve.size(),
                curve.isEmpty() ? 0 : curve.get(curve.size() - 1).tokens());
    }

    /** {@return the version that a reader sent back; one who has seen nothing for any other text} */
    static RunVersion parse(String word) {
        Matcher parts = WORD.matcher(word);
        return parts.matches()
                ? new RunVersion(
                        Integer.parseUnsignedInt(parts.group(1), 16),
                        Integer.parseUnsignedInt(parts.group(2), 16),
                        Integer.parseUnsignedInt(parts.group(3), 16),
                        Integer.parseInt(parts.group(4)),
                        Long.parseLong(parts.group(5)))
                : NOTHING;
    }

    /** {@return what of this still holds} */
    RunVersion within(RunVersion now, List<CurvePoint> curve) {
        boolean prefix = basis == now.basis
                && points >= 1
                && points <= curve.size()
                && curve.get(points - 1).tokens() == tokens;
        return new RunVersion(
                prefix ? basis : 0,
                happened == now.happened ? happened : 0,
                0,
                prefix ? points : 0,
                prefix ? tokens : 0);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%x.%x.%x.%d.%d", basis, happened, rest, points, tokens);
    }
}
