package io.viridian.tidy.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindJdkTest {
    @TempDir
    Path folder;

    @Test
    void keepsAJavaHomeThatIsNewEnough() throws Exception {
        Path home = jdk("mine", "26.0.1");
        jdk("jdks/other", "25.0.3");
        assertThat(findJdk(Map.of("JAVA_HOME", home.toString()))).isEqualTo(new Script.Outcome(0, home + "\n"));
    }

    @Test
    void looksFurtherWhenJavaHomeIsTooOld() throws Exception {
        Path old = jdk("mine", "17.0.15");
        Path found = jdk("jdks/temurin 25", "25.0.3");
        assertThat(findJdk(Map.of("JAVA_HOME", old.toString()))).isEqualTo(new Script.Outcome(0, found + "\n"));
    }

    @Test
    void prefersTheLowestVersionThatWillDo() throws Exception {
        jdk("jdks/a", "27");
        Path lowest = jdk("jdks/b", "25");
        jdk("jdks/c", "26");
        jdk("jdks/d", "24.0.2");
        assertThat(findJdk(Map.of()).said()).isEqualTo(lowest + "\n");
    }

    @Test
    void knowsWhereMacOsKeepsTheHome() throws Exception {
        Path home = jdk("jdks/temurin-25.jdk/Contents/Home", "25.0.3");
        assertThat(findJdk(Map.of()).said()).isEqualTo(home + "\n");
    }

    @Test
    void passesOverARuntimeWithoutACompiler() throws Exception {
        Script.write(folder.resolve("jdks/jre/release"), "JAVA_VERSION=\"25.0.3\"\n");
        assertThat(findJdk(Map.of()).exitCode()).isEqualTo(2);
    }

    @Test
    void saysWhatToInstallAndWhereItLookedWhenThereIsNone() throws Exception {
        Path old = jdk("mine", "21.0.8");
        Script.Outcome outcome = findJdk(Map.of("JAVA_HOME", old.toString()));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.said())
                .contains("needs JDK 25")
                .contains("JAVA_HOME=" + old + " (too old: version 21)")
                .contains(folder.resolve("jdks") + "/*")
                .contains("adoptium.net");
    }

    private Script.Outcome findJdk(Map<String, String> javaHome) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(javaHome);
        environment.put("JDK_DIRS", folder.resolve("nowhere") + ":" + folder.resolve("jdks"));
        return Script.run(folder, environment, "scripts/find-jdk");
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Script.write(home.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        assertThat(Script.write(home.resolve("bin/javac"), "").toFile().setExecutable(true))
                .isTrue();
        return home;
    }
}
