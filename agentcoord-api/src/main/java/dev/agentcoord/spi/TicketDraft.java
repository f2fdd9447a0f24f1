package dev.agentcoord.spi;

import dev.agentcoord.LockRequest;

/**
 * A ticket about to be placed.
 *
 * @param wants what it asks for; validated, not empty
 * @param request its number within the session, unique, so that a lost reply can be found again
 * @param hint to be called, from any thread, whenever the verdict on the ticket may have changed; returns quickly
 */
public record TicketDraft(LockRequest wants, long request, Runnable hint) {}
