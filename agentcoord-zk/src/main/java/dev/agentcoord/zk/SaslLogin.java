package dev.agentcoord.zk;

import dev.agentcoord.InvalidRequestException;
import java.util.Optional;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.Environment;
import org.apache.zookeeper.client.ZKClientConfig;

/** Logins by SASL. A JVM reads one JAAS file for all of them, so the first that is named is the only one. Stateless. */
final class SaslLogin {
    private static final String FIPS_MODE = "zookeeper.fips-mode";

    private SaslLogin() {}

    /** Makes the file of the options, if they name any, that of this process; throws {@link InvalidRequestException} where it will not do. */
    static synchronized void prepare(ZkOptions options) {
        options.sasl().ifPresent(SaslLogin::prepare);
    }

    private static void prepare(ZkOptions.Sasl how) {
        String file = how.jaasFile().toString();
        String other = System.getProperty(Environment.JAAS_CONF_KEY);
        if (other != null && !other.equals(file)) {
            throw new InvalidRequestException(
                    file,
                    "cannot log in by " + file + ": this JVM reads its logins from " + other
                            + ", and only one file can say them; put the section '" + how.section()
                            + "' there and name that file");
        }
        System.setProperty(Environment.JAAS_CONF_KEY, file);
        try {
            Configuration logins = Configuration.getConfiguration();
            logins.refresh();
            if (logins.getAppConfigurationEntry(how.section()) == null) {
                throw new InvalidRequestException(file, file + " has no section '" + how.section() + "'; add it");
            }
        } catch (SecurityException e) {
            // What the JDK says of it repeats what it found there, which may be a password.
            throw new InvalidRequestException(
                    file, file + " is no JAAS file: it cannot be parsed; compare it with docs/operations.md");
        }
    }

    /**
     * Without SASL, unless that is asked for: for SASL the client asks DNS for the name of each server before it connects, and while DNS is
     * away that takes longer than a call may. ZooKeeper's client takes DIGEST-MD5 only where it does not go by FIPS, as it does by default.
     */
    static void configure(ZKClientConfig config, Optional<ZkOptions.Sasl> how) {
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, String.valueOf(how.isPresent()));
        how.ifPresent(login -> {
            config.setProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, login.section());
            if (config.getProperty(FIPS_MODE) == null) {
                config.setProperty(FIPS_MODE, "false");
            }
        });
    }
}
