package dev.agentcoord.runner.session;

import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import dev.agentcoord.ports.PortRequest;
import dev.agentcoord.runner.store.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to run.
 *
 * @param agent the agent's name
 * @param place where it coordinates
 * @param directory its working directory
 * @param command its command, exactly as it shall arrive
 * @param environment of the user who asked for it
 * @param capabilities words tasks may require
 * @param ports what it is to be started with
 */
public record RunPlan(
        String agent,
        Place place,
        Path directory,
        List<String> command,
        Map<String, String> environment,
        Set<String> capabilities,
        List<PortRequest> ports) {
    /** Validates the name and copies; throws {@link dev.agentcoord.InvalidRequestException}. */
    public RunPlan {
        agent = Canonical.agentName(agent);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        capabilities = Limits.capabilities(capabilities);
        ports = List.copyOf(ports);
    }
}
