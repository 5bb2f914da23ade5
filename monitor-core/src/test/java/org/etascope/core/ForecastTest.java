package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What golden_forecast.csv does not say: rates that are none, plans that are over, words, state. */
class ForecastTest {
    private static final LearningRateSchedule CONSTANT = LearningRateSchedule.constant();

    /** A run of a power law with a constant learning rate, and what it keeps. */
    private static final class Run {
        ForecastBins bins = new ForecastBins();
        LearningRates rates = new LearningRates();
        private final LogBins curve = new LogBins(4);
        private final SplittableRandom random = new SplittableRandom(7);
        private long steps;

        Run steps(int n, double rate) {
            return steps(n, rate, Double.NaN);
        }

        Run steps(int n, double rate, double scheduled) {
            for (int i = 0; i < n; i++) {
                double tokens = 100.0 * ++steps;
                double loss = 2 + 9 * Math.pow(tokens, -0.3) + 0.02 * (random.nextDouble() - 0.5);
                rates.tell(rate);
                rates.step(tokens, 100, scheduled);
                bins.add(loss, Math.log(tokens), Math.log(rates.sum()), rates.rate());
                if (curve.add(Math.log(tokens), loss)) {
                    bins.close();
                }
            }
            return this;
        }

        Forecast forecast(TrainingPlan plan) {
            return new Forecast(
                    new ForecastBasis(bins.view(), rates.now(), 100.0 * steps, steps, plan, TokenUnit.TOKEN));
        }
    }

    private static TrainingPlan plannedSteps(double steps) {
        return new TrainingPlan(Double.NaN, steps, CONSTANT);
    }

    @Test
    void noStep_isRefused() {
        Forecast forecast = new Run().forecast(TrainingPlan.UNKNOWN);
        assertThat(forecast.refused()).isEqualTo("the learning rate is not known");
        assertThat(forecast.plannedEnd().refused()).isEqualTo(forecast.refused());
        assertThat(forecast.nextDoubling().lossNats()).isNaN();
        assertThat(forecast.decayNow().tokens()).isNaN();
        assertThat(forecast.currentLossNats()).isNaN();
        assertThat(forecast.tokensAt(3).tokens()).isNaN();
        assertThat(forecast.tokensUntilDoublingBuys(0.1)).isNaN();
        assertThat(forecast.decayNow().sentence())
                .isEqualTo("No forecast of a decay from now: the learning rate is not known.");
    }

    @Test
    void noRateAtTheFirstStep_staysUnknownWhateverComesLater() {
        Forecast forecast = new Run().steps(1, Double.NaN).steps(4000, 0.1).forecast(plannedSteps(8000));
        assertThat(forecast.refused()).isEqualTo("the learning rate is not known");
    }

    @Test
    void noRateToldButASchedule_isTheRate() {
        Forecast told = new Run().steps(4000, 1).forecast(plannedSteps(8000));
        Forecast scheduled = new Run().steps(4000, Double.NaN, 1).forecast(plannedSteps(8000));
        assertThat(scheduled.plannedEnd()).isEqualTo(told.plannedEnd());
        assertThat(told.plannedEnd().refused()).isNull();
    }

    @Test
    void unitOfTheRate_cancels() {
        Forecast one = new Run().steps(4000, 1).forecast(plannedSteps(8000));
        Forecast small = new Run().steps(4000, Math.scalb(1.0, -12)).forecast(plannedSteps(8000));
        assertThat(small.plannedEnd().lossNats()).isCloseTo(one.plannedEnd().lossNats(), within(1e-12));
    }

    @Test
    void rateThatIsNone_leavesTheLastOneStanding() {
        Run run = new Run().steps(4000, 0.1);
        for (double none : new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            run.steps(1, none);
            assertThat(run.rates.now().rate()).isEqualTo(0.1);
            assertThat(run.rates.now().peak()).isEqualTo(0.1);
        }
        assertThat(run.forecast(plannedSteps(8000)).refused()).isNull();
    }

    @Test
    void rateZero_isARate() {
        Run run = new Run().steps(3000, 0.1).steps(600, 0);
        assertThat(run.rates.now().rate()).isZero();
        Forecast forecast = run.forecast(TrainingPlan.UNKNOWN);
        assertThat(forecast.nextDoubling().refused()).isEqualTo("the learning rate is nearly zero");
        assertThat(new Run().steps(3000, 0).forecast(plannedSteps(6000)).refused())
                .isEqualTo("too few points since the warm-up");
    }

    @Test
    void planThatEndedOrLiesBehind_isSaidNotThrown() {
        Run run = new Run().steps(4000, 0.1);
        for (double steps : new double[] {4000, 3999, 1}) {
            Forecast forecast = run.forecast(plannedSteps(steps));
            assertThat(forecast.plannedEnd().refused()).isEqualTo("the planned end is reached");
            assertThat(forecast.nextDoubling().refused()).isNull();
        }
    }

    @Test
    void planWithoutScheduleOrEnd_isUnknown() {
        Run run = new Run().steps(4000, 0.1);
        assertThat(run.forecast(new TrainingPlan(1e6, Double.NaN, null))
                        .plannedEnd()
                        .refused())
                .isEqualTo("unknown schedule or end");
        assertThat(run.forecast(new TrainingPlan(Double.NaN, Double.NaN, CONSTANT))
                        .plannedEnd()
                        .refused())
                .isEqualTo("unknown schedule or end");
    }

    @Test
    void planInTokens_isThePlanInSteps() {
        Run run = new Run().steps(4000, 0.1);
        Forecast.Answer steps = run.forecast(plannedSteps(8000)).plannedEnd();
        Forecast.Answer tokens =
                run.forecast(new TrainingPlan(800_000, Double.NaN, CONSTANT)).plannedEnd();
        assertThat(tokens).isEqualTo(steps);
        assertThat(steps.tokens()).isEqualTo(800_000);
    }

    @Test
    void ratesOfAFramework_areComparedWithThePeakSeen() {
        Run run = new Run().steps(4000, 0.1);
        Forecast.Answer constant = run.forecast(plannedSteps(8000)).plannedEnd();
        TrainingPlan raw = new TrainingPlan(Double.NaN, 8000, LearningRateSchedule.ofRates(0.1, 0.1));
        assertThat(run.forecast(raw).plannedEnd()).isEqualTo(constant);
        TrainingPlan higher = new TrainingPlan(Double.NaN, 8000, LearningRateSchedule.ofRates(0.1, 0.2));
        assertThat(run.forecast(higher).plannedEnd().refused()).isEqualTo("the learning rate will rise again");
    }

    @Test
    void answers_holdTogether() {
        Forecast forecast = new Run().steps(4000, 0.1).forecast(plannedSteps(8000));
        double now = forecast.currentLossNats();
        for (Forecast.Answer answer :
                new Forecast.Answer[] {forecast.plannedEnd(), forecast.nextDoubling(), forecast.decayNow()}) {
            assertThat(answer.refused()).isNull();
            assertThat(answer.lowerNats()).isLessThan(answer.lossNats());
            assertThat(answer.upperNats()).isGreaterThan(answer.lossNats());
            assertThat(answer.gainNats()).isEqualTo(Math.max(0, now - answer.lossNats()));
            assertThat(answer.gainUpperNats()).isEqualTo(Math.max(0, now - answer.lowerNats()));
            assertThat(answer.gainLowerNats()).isEqualTo(Math.max(0, now - answer.upperNats()));
        }
        double truth = 2 + 9 * Math.pow(800_000, -0.3);
        assertThat(truth)
                .isBetween(
                        forecast.nextDoubling().lowerNats(),
                        forecast.nextDoubling().upperNats());
        Forecast.Crossing crossing = forecast.tokensAt(truth);
        assertThat(crossing.earliest()).isLessThan(crossing.tokens());
        assertThat(crossing.latest()).isGreaterThan(crossing.tokens());
        assertThat(forecast.tokensAt(now + 1).tokens()).isEqualTo(400_000);
        assertThat(forecast.tokensAt(-1).tokens()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThatThrownBy(() -> forecast.tokensAt(Double.NaN)).hasMessageContaining("target loss in nats is NaN");
    }

    @Test
    void sentences_sayFigureIntervalAndLimits() {
        Forecast forecast = new Run().steps(4000, 0.1).forecast(plannedSteps(22_000));
        String nats = "\\d\\.\\d{2,6}";
        assertThat(forecast.plannedEnd().sentence())
                .matches("At the planned end: " + nats + " nats \\(" + nats + " to " + nats
                        + "\\) \\(extrapolated\\)\\.");
        assertThat(forecast.nextDoubling().sentence())
                .matches("Next doubling at this rate: −" + nats + " nats \\(" + nats + " to " + nats + "\\)\\.");
        assertThat(forecast.decayNow().sentence())
                .matches("A decay to zero over the next 20 % of the tokens would give " + nats + " nats \\(" + nats
                        + " to " + nats + "\\), of them " + nats + " by the tokens alone\\.");
        assertThat(forecast.tokensAt(2.17).sentence())
                .matches("2\\.17 nats at \\d+(\\.\\d)? [kM] tokens \\(\\d+(\\.\\d)? to \\d+(\\.\\d)? [kM]\\)\\.");
        assertThat(forecast.tokensAt(0).sentence()).isEqualTo("0.00 nats: not within 100 times the tokens.");
        assertThat(forecast.tokensAt(9).sentence()).isEqualTo("9.00 nats: reached.");
    }

    @Test
    void saveAndLoad_goOnBitForBit() throws IOException {
        Run whole = new Run().steps(900, 0.05).steps(2900, 0.1);
        Run half = new Run().steps(900, 0.05).steps(700, 0.1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        half.bins.save(out);
        half.rates.save(out);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        half.bins = new ForecastBins();
        half.bins.load(in);
        half.rates = new LearningRates();
        half.rates.load(in);
        assertThat(in.available()).isZero();
        half.steps(2200, 0.1);
        assertThat(half.rates.now()).isEqualTo(whole.rates.now());
        Forecast.Answer expected = whole.forecast(plannedSteps(8000)).plannedEnd();
        assertThat(expected.refused()).isNull();
        assertThat(half.forecast(plannedSteps(8000)).plannedEnd()).isEqualTo(expected);
    }

    @Test
    void view_staysAsItWasWhileTheRunGoesOn() {
        Run run = new Run().steps(4000, 0.1);
        ForecastBasis then =
                new ForecastBasis(run.bins.view(), run.rates.now(), 400_000, 4000, plannedSteps(8000), TokenUnit.TOKEN);
        Forecast.Answer before = new Forecast(then).plannedEnd();
        run.steps(40_000, 0.1);
        assertThat(new Forecast(then).plannedEnd()).isEqualTo(before);
    }
}
