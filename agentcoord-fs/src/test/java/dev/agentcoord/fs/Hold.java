package dev.agentcoord.fs;

import dev.agentcoord.FencingToken;

/**
 * What a holder says of one grant, by the monotonic clock that all processes of a machine share.
 *
 * @param token of the grant
 * @param writes files held for oneself, a bit each
 * @param reads files shared, a bit each
 * @param asked before the request was made
 * @param placed after it had certainly got its place in the order
 * @param granted after it was granted
 * @param ended before it was given up
 */
record Hold(FencingToken token, long writes, long reads, long asked, long placed, long granted, long ended) {
    static Hold parse(String line) {
        String[] words = line.split(" ", -1);
        long[] numbers = new long[words.length];
        for (int i = 1; i < words.length; i++) {
            numbers[i] = Long.parseLong(words[i]);
        }
        FencingToken token = FencingToken.parse(words[0]);
        return new Hold(token, numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
    }

    String line() {
        return token + " " + writes + " " + reads + " " + asked + " " + placed + " " + granted + " " + ended;
    }

    Hold endingAt(long moment) {
        return new Hold(token, writes, reads, asked, placed, granted, moment);
    }

    boolean touches(int file) {
        return (((writes | reads) >>> file) & 1) != 0;
    }

    boolean writes(int file) {
        return ((writes >>> file) & 1) != 0;
    }
}
