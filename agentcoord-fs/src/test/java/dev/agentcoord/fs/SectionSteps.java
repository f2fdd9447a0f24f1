package dev.agentcoord.fs;

import dev.agentcoord.fs.Explorer.Step;
import dev.agentcoord.fs.SectionState.Member;

/** Makes steps of one process of {@link SectionModel}. */
record SectionSteps(SectionState from, int process, Explorer.Sink<SectionState> sink) {
    /** A change of a copy. */
    interface Edit {
        void of(SectionState state, Member member);
    }

    void add(String what, int number, Edit change) {
        SectionState next = from.copyFor(process);
        change.of(next, next.members[process]);
        sink.step(new Step(process, what, number), next);
    }
}
