package dev.agentcoord.harness;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static dev.agentcoord.LockRequest.shared;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The requests of a run, the same in each of its processes: 64 files in 8 directories, alone and together, in both modes, the trees and
 * globs above them, names and permits. The wider a request, the less often it is picked.
 */
final class Catalogue {
    private static final int DIRECTORIES = 8;
    private static final int FILES = 8;
    private static final int MIXTURES = 48;
    private static final Pool BUILDS = pool("build", 3);

    private final Random random;
    private final List<LockRequest> narrow = new ArrayList<>();
    private final List<LockRequest> wide = new ArrayList<>();

    Catalogue(long seed) {
        random = new Random(seed);
        addFiles();
        addMixtures();
        addNamesAndPermits();
        addTreesAndGlobs();
    }

    /** How many there are. */
    int size() {
        return narrow.size() + wide.size();
    }

    /** One by its number, from 0. */
    LockRequest get(int number) {
        return number < narrow.size() ? narrow.get(number) : wide.get(number - narrow.size());
    }

    /** The number of one picked at random. */
    int pick(Random chance) {
        return chance.nextInt(40) > 0 ? chance.nextInt(narrow.size()) : narrow.size() + chance.nextInt(wide.size());
    }

    private void addFiles() {
        for (int directory = 0; directory < DIRECTORIES; directory++) {
            for (int file = 0; file < FILES; file++) {
                narrow.add(exclusive(path(directory, file)));
                narrow.add(shared(path(directory, file)));
            }
        }
    }

    private void addMixtures() {
        for (int i = 0; i < MIXTURES; i++) {
            LockRequest mixed = exclusive(anyPath(), anyPath()).andShared(anyPath(), anyPath());
            if (i % 4 == 0) {
                mixed = mixed.andExclusive(name("task:" + i % 3));
            }
            narrow.add(i % 6 == 0 ? mixed.andPermits(BUILDS, 1) : mixed);
        }
    }

    private void addNamesAndPermits() {
        for (int i = 0; i < 4; i++) {
            narrow.add(exclusive(name("git:index-" + i)));
            narrow.add(shared(name("git:index-" + i)));
            narrow.add(permits(BUILDS, 1 + i % 2));
        }
    }

    private void addTreesAndGlobs() {
        for (int i = 0; i < DIRECTORIES; i++) {
            wide.add(exclusive(tree("d" + i)));
            wide.add(shared(tree("d" + i)));
            wide.add(exclusive(glob("d" + i + "/*.java")));
            wide.add(shared(glob("**/f" + i + ".*")));
        }
        wide.add(shared(glob("**/*.proto")));
        wide.add(exclusive(glob("d[0-3]/f{1,2}.*")));
    }

    private Item anyPath() {
        return path(random.nextInt(DIRECTORIES), random.nextInt(FILES));
    }

    private static Item path(int directory, int file) {
        return file("d" + directory + "/f" + file + (file % 2 == 0 ? ".java" : ".proto"));
    }
}
