/**
 * What users import: coordinators, sessions, locks on a tree of files, task queues and shared state. Seven nouns, and the values they
 * take and give; everything else is hidden.
 */
@NullMarked
package dev.agentcoord;

import org.jspecify.annotations.NullMarked;
