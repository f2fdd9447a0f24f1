package dev.agentcoord.fs;

import dev.agentcoord.fs.Explorer.Step;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How positions are reserved, with deaths and power cuts between any two writes. A power cut leaves of each block either what was last
 * synced or anything written since; a block is within a sector, so never half of one. Follows {@link Section} and {@link Turn}.
 */
final class ReservationModel implements Explorer.Model<ReservationModel.State> {
    private static final int RESERVE = 2;

    private final int processes;
    private final int takes;
    private final int deaths;
    private final int cuts;
    private final Mistake mistake;

    ReservationModel(int processes, int takes, int deaths, int cuts, Mistake mistake) {
        this.processes = processes;
        this.takes = takes;
        this.deaths = deaths;
        this.cuts = cuts;
        this.mistake = mistake;
    }

    /** What a program could get wrong. */
    enum Mistake {
        NONE,
        RAISED_BEFORE_THE_SYNC,
        NEW_BOOT_RAISED_BEFORE_THE_SYNC,
        COUNTS_ON_FROM_THE_LAST_POSITION,
        COUNTS_ON_FROM_THE_CEILING
    }

    /** What a block says; 0 as sequence for nothing yet. */
    record Block(int sequence, int boot, int floor, int ceiling, int promised) {
        static final Block BLANK = new Block(0, 0, 0, 0, 0);
    }

    /** What a process does next, while it is inside. */
    enum At {
        OUTSIDE,
        COUNT_ON,
        RESERVE_ANEW,
        SYNC_ANEW,
        RAISE_ANEW,
        PROMISE,
        SYNC,
        RAISE,
        TAKE
    }

    /** Of a process, and of its thread that reserves ahead. */
    record Member(boolean open, int ceiling, At at, int target, At ahead, int aheadTarget) {
        static final Member CLOSED = new Member(false, 0, At.OUTSIDE, 0, At.OUTSIDE, 0);

        Member at(At next) {
            return new Member(open, ceiling, next, target, ahead, aheadTarget);
        }

        Member target(int next) {
            return new Member(open, ceiling, at, next, ahead, aheadTarget);
        }

        Member knows(int next) {
            return new Member(true, next, at, target, ahead, aheadTarget);
        }

        Member ahead(At next, int nextTarget) {
            return new Member(open, ceiling, at, target, next, nextTarget);
        }
    }

    /** The order file, in memory and on the disk, and the processes. */
    static final class State implements Explorer.State {
        private final Block[] blocks;
        private final List<List<Block>> onDisk;
        private final Member[] members;
        private int position;
        private int synced;
        private int given;
        private boolean repeated;
        private int inside = -1;
        private int boot = 1;
        private int takes;
        private int deaths;
        private int cuts;

        State(Block[] blocks, List<List<Block>> onDisk, Member[] members) {
            this.blocks = blocks;
            this.onDisk = onDisk;
            this.members = members;
        }

        State copy() {
            State copy = new State(
                    blocks.clone(),
                    new ArrayList<>(List.of(new ArrayList<>(onDisk.get(0)), new ArrayList<>(onDisk.get(1)))),
                    members.clone());
            copy.position = position;
            copy.synced = synced;
            copy.given = given;
            copy.repeated = repeated;
            copy.inside = inside;
            copy.boot = boot;
            copy.takes = takes;
            copy.deaths = deaths;
            copy.cuts = cuts;
            return copy;
        }

        Block current() {
            return blocks[0].sequence > blocks[1].sequence ? blocks[0] : blocks[1];
        }

        void write(Block block) {
            int slot = block.sequence & 1;
            blocks[slot] = block;
            if (!onDisk.get(slot).contains(block)) {
                onDisk.get(slot).add(block);
            }
        }

        void sync() {
            for (int slot = 0; slot < 2; slot++) {
                onDisk.set(slot, new ArrayList<>(List.of(blocks[slot])));
            }
            synced = position;
        }

        @Override
        @SuppressWarnings("EnumOrdinal")
        public byte[] bytes() {
            ByteArrayOutputStream out = new ByteArrayOutputStream(96);
            for (int n : new int[] {position, synced, given, repeated ? 1 : 0, inside, boot, takes, deaths, cuts}) {
                out.write(n);
            }
            for (int slot = 0; slot < 2; slot++) {
                write(out, blocks[slot]);
                out.write(onDisk.get(slot).size());
                onDisk.get(slot).forEach(block -> write(out, block));
            }
            for (Member m : members) {
                out.write(m.open ? 1 : 0);
                out.write(m.ceiling);
                out.write(m.at.ordinal() * 16 + m.ahead.ordinal());
                out.write(m.target);
                out.write(m.aheadTarget);
            }
            return out.toByteArray();
        }

        private static void write(ByteArrayOutputStream out, Block block) {
            out.write(block.sequence);
            out.write(block.boot);
            out.write(block.floor);
            out.write(block.ceiling);
            out.write(block.promised);
        }
    }

    @Override
    public State initial() {
        List<List<Block>> disk = new ArrayList<>();
        disk.add(new ArrayList<>(List.of(Block.BLANK)));
        disk.add(new ArrayList<>(List.of(Block.BLANK)));
        Member[] members = new Member[processes];
        Arrays.fill(members, Member.CLOSED);
        State state = new State(new Block[] {Block.BLANK, Block.BLANK}, disk, members);
        state.takes = takes;
        state.deaths = deaths;
        state.cuts = cuts;
        return state;
    }

    /** A change of a copy; returns what becomes of the process. */
    private interface Edit {
        Member of(State state, Member me);
    }

    /** Makes steps of one process. */
    private record Steps(State from, int process, Explorer.Sink<State> sink) {
        void add(String what, Edit edit) {
            State next = from.copy();
            next.members[process] = edit.of(next, next.members[process]);
            if (next.inside == process && next.members[process].at == At.OUTSIDE) {
                next.inside = -1;
            }
            sink.step(new Step(process, what, -1), next);
        }
    }

    @Override
    public void stepsFrom(State state, Explorer.Sink<State> sink) {
        for (int p = 0; p < state.members.length; p++) {
            Steps steps = new Steps(state, p, sink);
            Member me = state.members[p];
            if (state.deaths > 0 && (me.open || me.at != At.OUTSIDE)) {
                steps.add("dies", (next, m) -> {
                    next.deaths--;
                    return Member.CLOSED;
                });
            }
            if (state.inside == p) {
                goOn(steps, me);
            } else if (state.inside < 0) {
                enter(steps, me);
            }
            if (me.ahead == At.SYNC) {
                steps.add("syncs ahead", (next, m) -> {
                    next.sync();
                    return m.ahead(At.RAISE, m.aheadTarget);
                });
            }
        }
        if (state.cuts > 0) {
            cut(state, sink);
        }
    }

    private void cut(State state, Explorer.Sink<State> sink) {
        for (Block zero : state.onDisk.get(0)) {
            for (Block one : state.onDisk.get(1)) {
                for (int position : new int[] {state.synced, state.position}) {
                    State next = state.copy();
                    next.cuts--;
                    next.boot++;
                    next.inside = -1;
                    Arrays.fill(next.members, Member.CLOSED);
                    next.blocks[0] = zero;
                    next.blocks[1] = one;
                    next.position = position;
                    next.sync();
                    sink.step(new Step(-1, "power cut leaves", zero.sequence * 10 + one.sequence), next);
                }
            }
        }
    }

    private void enter(Steps steps, Member me) {
        if (!me.open) {
            steps.add("opens", (state, m) -> {
                state.inside = steps.process;
                return state.current().boot == state.boot && state.current().sequence > 0
                        ? m.knows(state.current().ceiling)
                        : m.at(At.COUNT_ON);
            });
            return;
        }
        if (steps.from.takes > 0) {
            steps.add("enters", (state, m) -> {
                state.inside = steps.process;
                Member knows = state.position < m.ceiling ? m : m.knows(state.current().ceiling);
                return knows.at(state.position < knows.ceiling ? At.TAKE : At.PROMISE);
            });
        }
        if (me.ahead == At.OUTSIDE && me.ceiling - steps.from.position < RESERVE && steps.from.takes > 0) {
            steps.add("promises ahead", (state, m) -> m.ahead(firstAhead(), promise(state)));
        }
        if (me.ahead == At.RAISE) {
            steps.add(
                    "raises ahead",
                    (state, m) -> m.knows(raise(state, m.aheadTarget)).ahead(At.OUTSIDE, 0));
        }
    }

    private At firstAhead() {
        return mistake == Mistake.RAISED_BEFORE_THE_SYNC ? At.RAISE : At.SYNC;
    }

    private void goOn(Steps steps, Member me) {
        switch (me.at) {
            case COUNT_ON ->
                steps.add("counts on", (state, m) -> {
                    state.position = floor(state);
                    return m.at(At.RESERVE_ANEW).target(state.position);
                });
            case RESERVE_ANEW ->
                steps.add("reserves anew", (state, m) -> {
                    int ceiling = mistake == Mistake.NEW_BOOT_RAISED_BEFORE_THE_SYNC ? m.target + RESERVE : m.target;
                    state.write(
                            new Block(state.current().sequence + 1, state.boot, m.target, ceiling, m.target + RESERVE));
                    return m.at(At.SYNC_ANEW);
                });
            case SYNC_ANEW ->
                steps.add("syncs anew", (state, m) -> {
                    state.sync();
                    return m.at(At.RAISE_ANEW);
                });
            case RAISE_ANEW ->
                steps.add(
                        "raises anew",
                        (state, m) -> m.knows(raise(state, m.target + RESERVE))
                                .target(0)
                                .at(At.OUTSIDE));
            case PROMISE ->
                steps.add("promises", (state, m) -> m.target(promise(state)).at(firstAhead()));
            case SYNC ->
                steps.add("syncs", (state, m) -> {
                    state.sync();
                    return m.at(At.RAISE);
                });
            case RAISE ->
                steps.add(
                        "raises",
                        (state, m) -> m.knows(raise(state, m.target)).target(0).at(At.TAKE));
            case TAKE ->
                steps.add("takes", (state, m) -> {
                    state.position++;
                    state.takes--;
                    state.repeated |= state.position <= state.given;
                    state.given = Math.max(state.given, state.position);
                    return m.at(At.OUTSIDE);
                });
            default -> throw new IllegalStateException("stuck inside");
        }
    }

    private int floor(State state) {
        return switch (mistake) {
            case COUNTS_ON_FROM_THE_LAST_POSITION -> state.position;
            case COUNTS_ON_FROM_THE_CEILING -> Math.max(state.current().ceiling, state.position);
            default -> Math.max(state.current().promised, state.position);
        };
    }

    private static int promise(State state) {
        Block now = state.current();
        int target = Math.max(now.promised, state.position + RESERVE);
        state.write(new Block(now.sequence + 1, now.boot, now.floor, now.ceiling, target));
        return target;
    }

    private static int raise(State state, int target) {
        Block now = state.current();
        int ceiling = Math.max(now.ceiling, target);
        state.write(new Block(now.sequence + 1, now.boot, now.floor, ceiling, now.promised));
        return ceiling;
    }

    @Override
    public @Nullable String brokenBy(State state) {
        if (state.repeated) {
            return "no position repeats";
        }
        boolean opened = false;
        for (Member each : state.members) {
            opened |= each.open;
        }
        if (opened && state.current().promised < state.given) {
            return "a later boot skips all that was given out";
        }
        return null;
    }
}
