package dev.agentcoord.zk;

import dev.agentcoord.core.lock.SafeText;

/** A name of any text as that of a znode: what {@link SafeText} writes, but that no znode is named "." or "..". */
final class ZnodeName {
    private ZnodeName() {}

    static String of(String text) {
        StringBuilder name = new StringBuilder();
        if (text.startsWith(".")) {
            name.append("%2E");
            SafeText.append(name, text.substring(1));
        } else {
            SafeText.append(name, text);
        }
        return name.toString();
    }
}
