package org.etascope.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Logs in the shapes that tools print: the shape is a fact, the lines are ours. The same made-up run in each, and beside it
 * the points that are in it. {@link #main} writes the folder {@code src/test/resources/logs}; a test holds it to that.
 */
final class Shapes {
    private static final int ROWS = 150;

    private final Map<String, String> logs = new LinkedHashMap<>();
    private final Map<String, String> points = new LinkedHashMap<>();
    private final Map<String, Parts> parts = new LinkedHashMap<>();
    private final double above;

    /**
     * What a log is made of.
     *
     * @param head printed before the first loss
     * @param rows printed at each loss
     */
    record Parts(String head, List<String> rows) {
        /** {@return the head and the rows from one to before another} */
        String log(int from, int to) {
            return head + String.join("", rows.subList(from, to));
        }
    }

    /** One logged value. */
    private record Row(int index, long step, double loss, double rate, Random random) {
        String f(String format) {
            return String.format(Locale.ROOT, format, loss);
        }

        long tokens() {
            return 65_536L * step;
        }

        double noise() {
            return 1 + random.nextDouble();
        }
    }

    private interface Line {
        String of(Row row);
    }

    @SuppressWarnings("StringConcatToTextBlock") // A line of a tool is one line here, as far as it fits.
    private Shapes(double above) {
        this.above = above;
        every(
                1,
                "build-nanogpt-file",
                "%.6f",
                r -> r.index % 50 == 0
                        ? format("%d val %.4f\n%d train %.6f\n", r.step, r.loss + 0.01, r.step, r.loss)
                        : format("%d train %.6f\n", r.step, r.loss));
        every(
                1,
                "build-nanogpt-stdout",
                "%.6f",
                "total desired batch size: 65536\n=> calculated gradient accumulation" + " steps: 1\nloading 1 epoch\n",
                r -> format(
                        "step %5d | loss: %.6f | lr %.4e | norm: %.4f | dt: %.2fms | tok/sec: %.2f\n",
                        r.step, r.loss, r.rate, r.noise(), 400 * r.noise(), 163840 / r.noise()));
        every(
                10,
                "hf-stdout",
                "%.4f",
                "***** Running training *****\n  Num examples = 96,000\n  Num Epochs = 3\n"
                        + "  Instantaneous batch size per device = 8\n  Total optimization steps = 36,000\n"
                        + "  Number of trainable parameters = 124,439,808\n",
                r -> format(
                        "{'loss': %s, 'grad_norm': %s, 'learning_rate': %s, 'epoch': %s}\n",
                        dropZeros(r.f("%.4f")),
                        dropZeros(format("%.6f", r.noise())),
                        r.rate,
                        dropZeros(format("%.2f", r.step / 12000.0))));
        every(
                1,
                "litgpt-stdout",
                "%.3f",
                "{'data': {'block_size': 1024}, 'vocab_size': 50257}\nTotal parameters:"
                        + " 124,439,808\nValidating ...\n",
                r -> format(
                        "Epoch 1 | iter %d step %d | loss train: %.3f, val: %s | iter time: %.2f ms (step) remaining time: 1 day,"
                                + " 2:%02d:%02d\n",
                        8 * r.step,
                        r.step,
                        r.loss,
                        r.index < 50 ? "n/a" : format("%.3f", r.loss + 0.02),
                        400 * r.noise(),
                        r.random.nextInt(60),
                        r.random.nextInt(60)));
        every(
                1,
                "nanochat",
                "%.6f",
                "Vocab size: 65,536\nTotal batch size 524,288 => gradient accumulation steps: 1\n"
                        + "Step 00000 | Validation bpb: 3.3071\n",
                r -> format(
                        "step %05d/21400 (%.2f%%) | loss: %.6f | lrm: 1.00 | dt: %.2fms | tok/sec: %s | mfu: %.2f | total time:"
                                + " %.2fm\n",
                        r.step,
                        r.step / 214.0,
                        r.loss,
                        500 * r.noise(),
                        thousands((long) (1_000_000 / r.noise())),
                        40 * r.noise(),
                        r.step / 120.0));
        every(
                10,
                "torchtitan",
                "%.5f",
                "[rank0]:[titan] 2026-02-24 19:40:00,001 - root - INFO - Model llama3 debugmodel size:"
                        + " 6,139,136 total parameters\n",
                r -> format(
                        "[rank0]:[titan] 2026-02-24 %s,%03d - root - INFO - \033[31mstep: %2d  \033[32mloss: %8.5f  \033[38;2;180;60;0m"
                                + "grad_norm: %7.4f  \033[33mmemory: 66.91GiB(37.51%%)  \033[34mtps: %s  \033[36mtflops: 314.71"
                                + "  \033[35mmfu: 13.99%%\033[39m\n",
                        clock(r.index), r.random.nextInt(1000), r.step, r.loss, r.noise(), thousands((long)
                                (10_000 * r.noise()))));
        every(
                1,
                "olmo",
                "%.4f",
                r -> format(
                        "2026-08-06 %s.231\tnode-1:0\tolmo.train:908\tINFO\t[step=%d/739328,epoch=0]\n    optim/total_grad_norm=%.4f\n"
                                + "    train/CrossEntropyLoss=%.4f\n    train/Perplexity=%s\n    throughput/total_tokens=%s\n"
                                + "    throughput/device/tokens_per_second=26,668\n    System/Peak GPU Memory (MB)=46,911\n",
                        clock(r.index),
                        r.step,
                        r.noise(),
                        r.loss,
                        thousands((long) Math.exp(r.loss)),
                        thousands(r.tokens())));
        every(
                1,
                "nanotron",
                "%.4g",
                r -> format(
                        "10/17/2026 %s [INFO|DP=0|PP=0|TP=0]: iteration: %d / 378950 | consumed_tokens: %s | "
                                + "elapsed_time_per_iteration_ms: 11.5K | tokens_per_sec: 22.8K | tokens_per_sec_per_gpu: 11.4K |"
                                + " global_batch_size: 64 | lm_loss: %s | lr: %.3g | model_tflops_per_gpu: 38.3 |"
                                + " hardware_tflops_per_gpu: 38.3 | grad_norm: %.3g\n",
                        clock(r.index), r.step, si(r.tokens()), r.f("%.4g"), r.rate, r.noise()));
        every(
                100,
                "fairseq-stdout",
                "%.3f",
                "2026-01-01 00:00:00 | INFO | fairseq_cli.train | num. shared model params:"
                        + " 124,439,808 (num. trained: 124,439,808)\n",
                r -> format(
                        "2026-01-01 %s | INFO | train_inner | epoch 001: %6d / 30000 loss=%.3f, nll_loss=%.3f, ppl=%.2f, wps=52922.1,"
                                + " ups=0.5, wpb=104928, bsz=5325, num_updates=%d, lr=%s, gnorm=%.3f, train_wall=198, wall=%d\n",
                        clock(r.index),
                        r.step,
                        r.loss + 0.4,
                        r.loss,
                        Math.pow(2, Double.parseDouble(r.f("%.3f"))),
                        r.step,
                        r.rate,
                        r.noise(),
                        200 * r.index));
        every(
                500,
                "marian",
                "%.8f",
                "[2026-01-01 00:00:00] [marian] Marian v1.12.0 65bf82f 2023-02-21\n"
                        + "[2026-01-01 00:00:01] [vocab] Setting vocabulary size for input 0 to 32,000\n"
                        + "[2026-01-01 00:00:02] Training started\n",
                r -> format(
                        "[2026-01-01 %s] Ep. 1 : Up. %d : Sen. %s : Cost %.8f * %s @ 3,120 after %s : Time %.2fs : 36512.47 words/s :"
                                + " gNorm %.4f : L.r. %.4e\n",
                        clock(r.index),
                        r.step,
                        thousands(700 * r.step),
                        r.loss,
                        thousands(900_000 + r.index),
                        thousands(18_000 * r.step),
                        30 * r.noise(),
                        r.noise(),
                        r.rate));
        every(
                50,
                "opennmt-py",
                "%.2f",
                "[2026-01-01 00:00:00,100 INFO]  * vocabulary size. source = 31497; target = 31497\n"
                        + "[2026-01-01 00:00:01,100 INFO] * number of parameters: 93309312\n",
                r -> format(
                        "[2026-01-01 %s,389 INFO] Step %d/10000; acc: %6.2f; ppl: %5.2f; xent: %.2f; lr: %.5f; sents:    3000; bsz:"
                                + " 3000/3100/64; 6909/7255 tok/s; %6d sec;\n",
                        clock(r.index), r.step, 10 * r.noise(), Math.exp(r.loss), r.loss, r.rate, 20 * r.index));
        every(100, "keras-stdout", "%.4f", r -> keras(r));
        every(
                1,
                "keras-verbose-2",
                "%.4f",
                r -> format(
                        "Epoch %d/150\n100/100 - 3s - loss: %.4f - accuracy: 0.5312 - val_loss: %.4f - val_accuracy: 0.5%03d - 3s/epoch -"
                                + " 30ms/step\n",
                        r.index + 1, r.loss, r.loss + 0.1, r.index),
                100);
        every(
                10,
                "gpt-neox",
                "%.6E",
                r -> format(
                        "[2026-06-03 %s,345] [INFO] [logging.py:96:log_dist] [Rank 0] step=%d, skipped=0, lr=[%s, %s], mom=[[0.9,"
                                + " 0.95], [0.9, 0.95]]\n samples/sec: 25.401 | iteration %8d/  320000 | elapsed time per iteration"
                                + " (ms): 40312.1 | learning rate: %.3E | approx flops per GPU: 40.2TFLOPS | lm_loss: %.6E | loss"
                                + " scale: 4096.0 | number of skipped iterations:   0 | number of nan iterations:   0 |\n",
                        clock(r.index), r.step, r.rate, r.rate, r.step, r.rate, r.loss));
        every(
                1,
                "torchtune-file",
                "%s",
                r -> format(
                        "Step %d | loss:%s lr:%s tokens_per_second_per_gpu:%s peak_memory_active:12.%d \n",
                        r.step, r.f("%s"), r.rate, 5000 * r.noise(), r.random.nextInt(100)));
        every(
                1,
                "llama-cpp-finetune",
                "%.6f",
                "main: n_vocab:     32000\nmain: begin training\n",
                r -> format(
                        "train_opt_callback: iter=%6d sample=%d/5608 sched=%.6f loss=%.6f dt=00:04:59 eta=03:29:33 |%s>\n",
                        r.step, 2 * r.step + 1, r.rate, r.loss, "-".repeat((int) (40 / r.loss))));
        every(
                10,
                "deepspeed-pipe",
                "%.4f",
                r -> format(
                        "[2026-06-03 %s,346] [INFO] [logging.py:96:log_dist] [Rank 0] step=%d, skipped=0, lr=[%s], mom=[(0.9, 0.95)]\n"
                                + "steps: %d loss: %.4f iter time (s): %.3f samples/sec: 16.604\n",
                        clock(r.index), r.step, r.rate, r.step, r.loss, r.noise()));
        every(
                1,
                "dl4j-score-listener",
                "%s",
                r -> format(
                        "12:%02d:%02d.789 [main] INFO  o.d.o.l.ScoreIterationListener - Score at iteration %d is %s\n",
                        r.index / 60, r.index % 60, r.step, r.f("%s")));
        every(
                50,
                "lightning-bar",
                "%.3f",
                "  | Name  | Type | Params\n-----------------\n124 M     Trainable params\n",
                r -> format(
                        "Epoch 0: %3d%%|█████     | %d/7500 [%02d:%02d<10:00,  9.51it/s, v_num=0, train_loss_step=%.3f,"
                                + " train_loss_epoch=%.3f]\r",
                        r.step / 75, r.step, r.step / 600, r.step / 10 % 60, r.loss, r.loss + 0.5));
        every(
                1,
                "diffusers-bar",
                "%.4f",
                r -> format(
                        "Steps: %3d%%|█▏        | %d/150 [00:%02d<03:40,  4.03it/s, lr=%s, step_loss=%.4f]\r",
                        r.step * 100 / 150, r.step, r.index % 60, r.rate, r.loss));
        every(
                10,
                "llama-factory-jsonl",
                "%.4f",
                r -> format(
                        "{\"current_steps\": %d, \"total_steps\": 1500, \"loss\": %s, \"lr\": %s, \"epoch\": %.2f, \"percentage\": %.2f,"
                                + " \"elapsed_time\": \"0:00:%02d\", \"remaining_time\": \"0:16:30\"}\n",
                        r.step, dropZeros(r.f("%.4f")), r.rate, r.step / 500.0, r.step / 15.0, r.index % 60));
        every(
                1,
                "mlflow-metric",
                "%s",
                r -> format("%d %s %d\n", 1_700_000_000_000L + 1000L * r.index, r.f("%s"), r.step));
        every(
                1,
                "mlflow-long-csv",
                "%.5f",
                "run_id,key,value,step,timestamp\n",
                r -> format(
                        "r1,learning_rate,%s,%d,%d\nr1,train_loss,%.5f,%d,%d\nr1,accuracy,0.5%d,%d,%d\n",
                        r.rate,
                        r.step,
                        1_700_000_000_000L + 1000L * r.index,
                        r.loss,
                        r.step,
                        1_700_000_000_001L + 1000L * r.index,
                        r.index,
                        r.step,
                        1_700_000_000_002L + 1000L * r.index));
        every(
                500,
                "notebook-table",
                "%.6f",
                "Step\tTraining Loss\tValidation Loss\n",
                r -> format("%d\t%.6f\t%.6f\n", r.step, r.loss, r.loss + 0.1));
        every(
                1,
                "decimal-comma-csv",
                "%.4f",
                "Schritt;loss;lr\n".replace("Schritt", "step"),
                r -> format(
                        "%d;%s;%s\n",
                        r.step,
                        r.f("%.4f").replace('.', ','),
                        format("%.6f", r.rate).replace('.', ',')));
        every(
                50,
                "lightning-csv",
                "%s",
                "epoch,lr,step,train_loss_epoch,train_loss_step,val_loss\n",
                r -> format("0,%s,%d,,%s,\n", r.rate, r.step - 1, r.f("%s")));
        every(
                1,
                "nemo",
                "%.4g",
                r -> format(
                        "Training epoch 0, iteration %d/149 | lr: %s | consumed_samples: %d | global_batch_size: 1 | global_step: %d |"
                                + " reduced_train_loss: %s | train_step_timing in s: 0.03146\n",
                        r.step, r.rate, r.step + 1, r.step, r.f("%.4g")));
        every(
                1,
                "megatron-bridge",
                "%.6E",
                r -> format(
                        " [2026-04-06 %s] iteration %8d/    1500 | consumed samples: %12d | elapsed time per iteration (ms): 5444.9 |"
                                + " throughput per GPU (TFLOP/s/GPU): 239.8 | learning rate: %.6E | global batch size:   128 | lm loss:"
                                + " %.6E | load_balancing_loss: 1.019746E+00 | loss scale: 1.0 | grad norm: %.3f | num zeros: 0.0 |"
                                + " number of skipped iterations:   0 | number of nan iterations:   0 |\n",
                        clock(r.index), r.step, 128 * r.step, r.rate, r.loss, r.noise()));
        every(
                1,
                "mosaicml-composer",
                "%.4f",
                r -> format(
                        "[batch=%d/4800]:\n\t Train time/batch: %d\n\t Train time/sample: %d\n\t Train loss/train/total: %.4f\n\t Train"
                                + " metrics/train/LanguagePerplexity: %.4f\n\t Train throughput/tokens_per_sec: 123.4\n",
                        r.step, r.step - 1, 256 * (r.step - 1), r.loss, Math.exp(r.loss)));
        every(
                100,
                "tensorflow-1",
                "%.5f",
                "INFO:tensorflow:Running local_init_op.\n",
                r -> format(
                        "INFO:tensorflow:loss = %.5f, step = %d (12.345 sec)\nINFO:tensorflow:global_step/sec: 8.1%d\n",
                        r.loss, r.step, r.index % 10));
        every(
                5,
                "ms-swift",
                "%.8f",
                r -> format(
                        "{'loss': %.8f, 'grad_norm': %.4f, 'learning_rate': %s, 'memory(GiB)': 12.3, 'train_speed(iter/s)': 0.12,"
                                + " 'epoch': %.2f, 'global_step/max_steps': '%d/750', 'percentage': '%.2f%%', 'elapsed_time': '12s'}\n",
                        r.loss, r.noise(), r.rate, r.step / 300.0, r.step, r.step / 7.5));
        every(10, "ignite", "%.4f", r -> format("Epoch[1/10], Iter[%d] Loss: %.4f\n", r.step, r.loss));
        every(
                1,
                "char-rnn",
                "%.8f",
                r -> format(
                        "%d/50000 (epoch %.3f), train_loss = %.8f, grad/param norm = 5.1721e-01, time/batch = 0.78s\n",
                        r.step, r.step / 1000.0, r.loss));
        every(
                500,
                "markdown-table",
                "%.4f",
                "| Step | Training Loss | Validation Loss |\n|:----:|:-------------:|:---------------:|\n",
                r -> format("| %d | %.4f | %.4f |\n", r.step, r.loss, r.loss + 0.1));
        every(
                1,
                "plain-table",
                "%.4f",
                "  step      loss        lr\n",
                r -> format("%6d  %8.4f  %.6f\n", r.step, r.loss, r.rate));
    }

    private static String keras(Row r) {
        StringBuilder text = new StringBuilder(format("Epoch %d/150\n", r.index + 1));
        for (int k = 20; k < 100; k += 40) {
            text.append(format(
                    "\r%3d/100 [%s>%s] - ETA: %ds - loss: %.4f - accuracy: 0.5%03d",
                    k, "=".repeat(k / 5), ".".repeat(20 - k / 5), 3 - k / 33, r.loss + 0.5 - k / 250.0, k));
        }
        return text.append(format(
                        "\r100/100 [====================] - 3s 30ms/step - loss: %.4f - accuracy: 0.5312 - val_loss: %.4f\n",
                        r.loss, r.loss + 0.1))
                .toString();
    }

    private void every(int steps, String name, String printed, Line line) {
        every(steps, name, printed, "", line);
    }

    private void every(int steps, String name, String printed, Line line, int stepsOfARow) {
        every(steps * stepsOfARow, name, printed, "", line);
    }

    private void every(int steps, String name, String printed, String head, Line line) {
        Random random = new Random(name.hashCode());
        List<String> rows = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            long step = (long) steps * (i + 1);
            double loss = 2.6 + 8.2 * Math.pow(1 + i / 5.0, -0.4) + 0.03 * random.nextGaussian() + above;
            double rate = 6e-4 * Math.min(1, (i + 1) / 20.0);
            Row row = new Row(i, step, loss, rate, random);
            rows.add(line.of(row));
            found.add(step + "," + row.f(printed));
        }
        parts.put(name, new Parts(head, rows));
        logs.put(name, parts.get(name).log(0, ROWS));
        points.put(name, "step,loss\n" + String.join("\n", found) + "\n");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String dropZeros(String number) {
        return number.replaceFirst("0+$", "").replaceFirst("\\.$", ".0");
    }

    private static String thousands(long number) {
        return format("%,d", number);
    }

    private static String clock(int seconds) {
        return format("10:%02d:%02d", seconds / 60, seconds % 60);
    }

    private static String si(long number) {
        return number < 1_000_000 ? format("%.3gK", number / 1e3) : format("%.3gM", number / 1e6);
    }

    /** {@return name of the tool to a log of it} */
    static Map<String, String> logs() {
        return new Shapes(0).logs;
    }

    /** {@return name of the tool to the steps and losses in its log, as CSV} */
    static Map<String, String> points() {
        return new Shapes(0).points;
    }

    /**
     * {@return name of the tool to the parts of a log of it}
     *
     * @param above how much higher its losses are than those of {@link #logs}
     */
    static Map<String, Parts> parts(double above) {
        return new Shapes(above).parts;
    }

    /**
     * Writes the corpus.
     *
     * @param args the folder
     */
    public static void main(String[] args) throws IOException {
        Shapes shapes = new Shapes(0);
        for (String name : shapes.logs.keySet()) {
            Files.writeString(Path.of(args[0], name + ".log"), shapes.logs.get(name));
            Files.writeString(Path.of(args[0], name + ".points.csv"), shapes.points.get(name));
        }
    }
}
