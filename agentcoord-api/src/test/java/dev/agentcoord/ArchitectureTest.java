package dev.agentcoord;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String CORE = "dev.agentcoord.core..";
    private static final String ENGINE = "dev.agentcoord.engine..";
    private static final String SPI = "dev.agentcoord.spi..";

    private final JavaClasses api = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.agentcoord");

    @Test
    void theRulesKnowNothingOfWhatRunsThem() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ENGINE, SPI)
                .check(api);
    }

    @Test
    void theRulesTouchNoFileNoNetworkAndNoThread() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..", "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(api);
    }

    @Test
    void whatUsersImportKnowsNothingOfEngineAndBackends() {
        noClasses()
                .that()
                .resideInAPackage("dev.agentcoord")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ENGINE, SPI)
                .check(api);
    }

    @Test
    void aBackendsInterfaceKnowsNothingOfTheEngine() {
        noClasses()
                .that()
                .resideInAPackage(SPI)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ENGINE)
                .check(api);
    }
}
