package org.etascope.examples;

import io.micrometer.core.instrument.binder.MeterBinder;
import org.etascope.core.RunMonitor;
import org.etascope.micrometer.RunMeters;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** An application that has a registry of its own: Spring Boot binds every {@code MeterBinder} to it. */
@SpringBootApplication(proxyBeanMethods = false)
class SpringBoot {
    public static void main(String[] arguments) {
        SpringApplication.run(SpringBoot.class, arguments);
    }

    @Bean
    RunMonitor monitor() {
        return RunMonitor.builder("spring-boot").build();
    }

    @Bean
    MeterBinder etascope(RunMonitor monitor) {
        return new RunMeters(monitor);
    }

    @Bean
    CommandLineRunner training(RunMonitor monitor) {
        return arguments -> Classifier.train(monitor);
    }
}
