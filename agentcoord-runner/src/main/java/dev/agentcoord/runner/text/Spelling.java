package dev.agentcoord.runner.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what somebody meant to type: the known word that is at most two letters away, or nothing. Stateless. */
public final class Spelling {
    private static final int MAX_EDITS = 2;

    private Spelling() {}

    /** The word nearest to what was typed, if it is at most two letters off and not another word altogether. */
    public static Optional<String> nearest(String typed, Collection<String> words) {
        int most = Math.min(MAX_EDITS, typed.length() / 2);
        return words.stream()
                // First by length, because what was typed may be of any, and the distance costs memory by it.
                .filter(word -> Math.abs(word.length() - typed.length()) <= most)
                .filter(word -> distance(typed, word) <= most)
                .min(Comparator.comparingInt(word -> distance(typed, word)));
    }

    /** Letters added, left out, changed, or swapped with their neighbour: restricted Damerau–Levenshtein. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : cheapest(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int cheapest(int[][] d, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
