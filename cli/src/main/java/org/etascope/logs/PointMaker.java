package org.etascope.logs;

import org.jspecify.annotations.Nullable;

/**
 * Makes points of records.
 *
 * <p>A step is broken, its loss not finite, where the record says so in any way: the loss itself, a loss of nothing
 * (null) where others have one, or a gradient whose norm is not finite beside no loss or one of exactly 0.
 */
final class PointMaker implements Records {
    private final Roles roles;
    private final LossSink sink;
    private final String place;
    private final boolean needsStep;
    private final boolean ratesAlone;
    private final boolean lossIsDue;
    private final LossPoint point = new LossPoint();
    private long number;
    private boolean open;
    private boolean stepIsKnown;
    private boolean noLoss;
    private boolean ofValidation;
    private boolean lossesCame;
    private @Nullable NotANumberException bad;

    PointMaker(Roles roles, LossSink sink, LogFormat format) {
        this.roles = roles;
        this.sink = sink;
        this.place = format.isBinary() ? ": record " : ":";
        this.needsStep = format.isOfLines();
        this.ratesAlone = format == LogFormat.TENSORBOARD;
        this.lossIsDue = format == LogFormat.MEGATRON;
    }

    @Override
    public void begin(long recordNumber) {
        number = recordNumber;
        open = true;
        noLoss = false;
        ofValidation = false;
        stepIsKnown = false;
        bad = null;
        point.clear();
    }

    @Override
    public boolean wants(String name) {
        return roles.likely(name) != null;
    }

    @Override
    public @Nullable Role roleOf(String name) {
        return roles.role(name);
    }

    @Override
    public void step(long step) {
        stepIsKnown = true;
        point.step = step;
    }

    @Override
    public void time(long epochMillis) {
        point.epochMillis = epochMillis;
    }

    @Override
    public void value(String name, double value) {
        Role role = stepIsKnown && roles.likely(name) == Role.STEP ? null : roles.role(name);
        if (role == null || role == Role.SPLIT) {
            return;
        }
        if (role.isFact()) {
            sink.fact(role, value);
            return;
        }
        try {
            point.set(role, value);
        } catch (NotANumberException e) {
            bad = bad == null ? e : bad;
        }
    }

    @Override
    public void value(String name, String text) {
        if (text.isEmpty()) {
            return;
        }
        Role role = roles.role(name);
        if (role == Role.SPLIT) {
            ofValidation |= Role.saysValidation(text);
        } else if (role == Role.TIME) {
            point.epochMillis = Times.millis(text);
        } else if (role != null) {
            try {
                // 5/600 are 5 steps of 600.
                int slash = role == Role.STEP ? text.indexOf('/') : -1;
                if (slash > 0) {
                    total(name, Numbers.parse(role.word(), text.substring(slash + 1)));
                }
                value(name, Numbers.parse(role.word(), slash > 0 ? text.substring(0, slash) : text));
            } catch (NotANumberException e) {
                bad = bad == null && !role.isFact() ? e : bad;
            }
        }
    }

    @Override
    public void ofValidation() {
        ofValidation = true;
    }

    @Override
    public void none(String name) {
        noLoss |= roles.role(name) == Role.LOSS;
    }

    @Override
    public void total(String name, double total) {
        if (roles.role(name) == Role.STEP) {
            sink.fact(Role.PLANNED_STEPS, total);
        }
    }

    @Override
    public boolean end() {
        if (!open) {
            return false;
        }
        open = false;
        if (ofValidation && point.hasLoss) {
            point.hasLoss = false;
            point.hasValidation = true;
            point.validation = point.loss;
        }
        boolean broken = !Double.isFinite(point.gradientNorm);
        boolean lossMissing = noLoss && lossesCame && !point.hasValidation;
        boolean lossWasDue = lossIsDue && point.totalSamples >= 0;
        if (point.step >= 0 && !point.hasLoss && !point.hasValidation && (broken || lossMissing || lossWasDue)) {
            point.hasLoss = true;
        } else if (point.hasLoss && point.loss == 0 && broken) {
            point.loss = Double.NaN;
        } else if (point.nonFiniteSteps > 0) {
            // An interval of nothing but NaN has no loss to print.
            point.hasLoss = true;
        }
        return deliver();
    }

    private boolean deliver() {
        if (bad != null && (point.step >= 0 || !needsStep)) {
            roles.endRecord(false);
            sink.unreadable(place + number, String.valueOf(bad.getMessage()));
            return false;
        }
        if (point.totalTokens == 0 && point.step > 0) {
            // A writer that was not told to count tokens.
            point.totalTokens = -1;
        }
        if (point.totalTokens >= 0) {
            // A column of tokens beside one of all tokens counts something smaller.
            point.tokens = -1;
        }
        boolean strayed = needsStep && point.step < 0 && roles.hasSteps();
        boolean rateAlone = ratesAlone && !(Double.isNaN(point.learningRate) && Double.isNaN(point.epoch));
        boolean anyLoss = point.hasLoss || point.hasValidation;
        boolean good = bad == null && ((anyLoss && !strayed) || rateAlone);
        roles.endRecord(good);
        if (good) {
            lossesCame |= point.hasLoss;
            sink.point(point);
        } else {
            sink.text(1);
        }
        return good;
    }

    @Override
    public void text(long count) {
        sink.text(count);
    }

    @Override
    public void unreadable(long recordNumber, String problem) {
        sink.unreadable(place + recordNumber, problem);
    }

    @Override
    public void note(String sentence) {
        sink.note(sentence);
    }
}
