package org.etascope.core;

import java.io.IOException;

/**
 * The data of a run and where it stands in them: V, U, segment, epochs. U is learnt from the first epoch that was seen from
 * its start and was one pass over the data. Single writer.
 */
final class TrainingData extends StateFields.Part {
    private int segment;
    private long iteration = -1;
    private long epoch = -1;
    private boolean epochSeenFromItsStart = true;
    private long tokensAtEpochStart;
    private long unusableTokensThisEpoch;
    private double vocabularySize = Double.NaN;
    private double uniqueTokens = Double.NaN;

    /** 0 if it was not seen from its start. Not kept in a state. */
    private long tokensOfLastEpoch;
    /** Restored in the middle of an epoch: what the framework starts next is the rest of it. Not kept in a state. */
    private boolean restOfEpoch;

    void position(long newIteration, long newEpoch) {
        iteration = newIteration;
        epoch = newEpoch;
    }

    /** Tokens of a step without a usable loss are data all the same. */
    void unusable(long tokens) {
        unusableTokensThisEpoch += tokens;
    }

    void startEpoch(long tokens) {
        if (!restOfEpoch) {
            epochSeenFromItsStart = true;
            tokensAtEpochStart = tokens;
            unusableTokensThisEpoch = 0;
        }
        restOfEpoch = false;
    }

    void endEpoch(long tokens, boolean onePass) {
        long ofThisEpoch = tokens - tokensAtEpochStart + unusableTokensThisEpoch;
        if (ofThisEpoch > 0) {
            tokensOfLastEpoch = epochSeenFromItsStart ? ofThisEpoch : 0;
        }
        if (onePass && tokensOfLastEpoch > 0) {
            foundUniqueTokens(tokensOfLastEpoch);
        }
        restOfEpoch = false;
        startEpoch(tokens);
    }

    void beginSegment() {
        segment++;
        epochSeenFromItsStart = false;
    }

    void vocabularySize(double size) {
        vocabularySize = size;
    }

    void uniqueTokens(double unique) {
        uniqueTokens = unique;
    }

    /** A given or earlier value stays. */
    void foundUniqueTokens(double unique) {
        if (Double.isNaN(uniqueTokens)) {
            uniqueTokens = unique;
        }
    }

    int segment() {
        return segment;
    }

    double vocabularySize() {
        return vocabularySize;
    }

    double uniqueTokens() {
        return uniqueTokens;
    }

    /** D/U, else the framework's count, NaN while neither is known. */
    double epochs(long tokens) {
        return Double.isNaN(uniqueTokens) ? orUnknown(epoch) : tokens / uniqueTokens;
    }

    Progress.Position position(long tokens) {
        return new Progress.Position(orUnknown(iteration), orUnknown(epoch), epochs(tokens), uniqueTokens);
    }

    private static double orUnknown(long count) {
        return count < 0 ? Double.NaN : count;
    }

    @Override
    void fields(StateFields state) throws IOException {
        segment = state.next(segment);
        iteration = state.next(iteration);
        epoch = state.next(epoch);
        epochSeenFromItsStart = state.next(epochSeenFromItsStart);
        tokensAtEpochStart = state.next(tokensAtEpochStart);
        unusableTokensThisEpoch = state.next(unusableTokensThisEpoch);
        vocabularySize = state.next(vocabularySize);
        uniqueTokens = state.next(uniqueTokens);
    }

    /** The epoch under way goes on at D tokens, its beginning unseen. */
    void goOn(long tokens) {
        restOfEpoch = tokens > tokensAtEpochStart || unusableTokensThisEpoch > 0;
    }
}
