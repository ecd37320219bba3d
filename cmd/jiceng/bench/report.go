package bench

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// The bars of the design, section 9.
const (
	barredCases = 10_000_000 // what the bars are for
	fullBar     = 2.0        // full load, as a multiple of bare DuckDB
	nightlyBar  = 0.10       // one more day, as a part of the full load
	memoryBar   = 3 << 30    // peak memory in bytes
	p50Bar      = 10.0       // milliseconds
	p99Bar      = 50.0
)

// The generated part of docs/performance.md stands between these lines.
const (
	begin = "<!-- measured: begin -->"
	end   = "<!-- measured: end -->"
)

// Write puts the tables into the file, between its two marks; what people wrote around them stays.
func (r *Report) Write(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for the tables: a line %q and a line %q", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n"+r.Markdown()+end+after), 0o644)
}

// Markdown is the tables.
func (r *Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured by `jiceng bench` (jiceng %s) on %d cores and %s of memory.\n\n", r.Version, r.Cores, gib(r.Memory))
	if len(r.Scales) == 0 {
		return b.String()
	}
	at := r.Scales[len(r.Scales)-1]
	for _, s := range r.Scales {
		if s.Cases == barredCases {
			at = s
		}
	}
	r.bars(&b, at)
	r.growth(&b)
	r.pages(&b)
	r.nights(&b)
	r.steps(&b, at)
	return b.String()
}

// bars compares one size with the bars.
func (r *Report) bars(b *strings.Builder, s *Scale) {
	fmt.Fprintf(b, "### The bars, at %s cases and %s surveys\n\n", million(s.Cases), million(s.Surveys))
	if s.Rounds > 1 {
		fmt.Fprintf(b, "Loads and nights are means of %d rounds at this size, each of bare DuckDB, a full load and a night.\n\n", s.Rounds)
	}
	b.WriteString("| what | reached | bar | |\n|---|---|---|---|\n")
	row := func(what, reached, bar string, met bool) {
		verdict := "not met"
		if met {
			verdict = "met"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", what, reached, bar, verdict)
	}
	wall, cpu := s.Full.Seconds/s.Bare.Seconds, s.Full.CPU/s.Bare.CPU
	row("full load, of bare DuckDB on the same files and sums", fmt.Sprintf("%.2f × by the clock, %.2f × by processor time", wall, cpu), "2.0 ×", wall <= fullBar)
	row("peak memory of the full load", gib(s.Full.Peak), "3 GiB", s.Full.Peak < memoryBar)
	part := s.Nightly.Seconds / s.Full.Seconds
	row("nightly run of one more day, of the full load", fmt.Sprintf("%.1f %% by the clock, %.1f %% by processor time", 100*part, 100*s.Nightly.CPU/s.Full.CPU), "10 %", part <= nightlyBar)
	row("peak memory of the nightly run", gib(s.Nightly.Peak), "3 GiB", s.Nightly.Peak < memoryBar)
	if p := s.Pages; p != nil {
		row("page asked for the first time, one core", p.First.String(), "p50 10 ms, p99 50 ms", p.First.P50 <= p50Bar && p.First.P99 <= p99Bar)
		row("page asked for again, one core", p.Again.String(), "p50 10 ms, p99 50 ms", p.Again.P50 <= p50Bar && p.Again.P99 <= p99Bar)
		row(fmt.Sprintf("500 requests/s from 50 clients, one core, %d switches of snapshot", p.Switches),
			fmt.Sprintf("%.0f/s, %s, %d failed", p.Rate, p.Loaded, p.Failed), "500/s, none failed", p.Rate >= 495 && p.Failed == 0)
	}
	b.WriteString("\n")
}

// growth shows how each cost grows with the history.
func (r *Report) growth(b *strings.Builder) {
	b.WriteString("### How it grows\n\nSeconds by the clock (processor seconds), peak memory.\n\n")
	b.WriteString("| cases | files | day's rows | jiceng sample | bare DuckDB | full load | × bare | nightly run | of full | snapshot |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, s := range r.Scales {
		fmt.Fprintf(b, "| %s | %s | %d | %s | %s | %s | %.2f (%.2f) | %s | %.1f %% | %s |\n", million(s.Cases), gib(s.CSVBytes), s.DayRows,
			s.Sample, s.Bare, s.Full, s.Full.Seconds/s.Bare.Seconds, s.Full.CPU/s.Bare.CPU, s.Nightly, 100*s.Nightly.Seconds/s.Full.Seconds, gib(s.FileSize))
	}
	b.WriteString("\n")
}

// pages shows how the server answers at each size.
func (r *Report) pages(b *strings.Builder) {
	if !slices.ContainsFunc(r.Scales, func(s *Scale) bool { return s.Pages != nil }) {
		return
	}
	b.WriteString("### Pages, one core\n\n| cases | pages | asked for the first time | again | under load, counted from when due | answered | failed | server's memory |\n|---:|---:|---|---|---|---:|---:|---:|\n")
	for _, s := range r.Scales {
		if p := s.Pages; p != nil {
			fmt.Fprintf(b, "| %s | %d | %s | %s | %s | %.0f/s | %d | %s |\n", million(s.Cases), p.First.Requests, p.First, p.Again, p.Loaded, p.Rate, p.Failed, gib(p.Peak))
		}
	}
	b.WriteString("\n")
}

// nights shows which steps of a nightly run grow with the history.
func (r *Report) nights(b *strings.Builder) {
	var names []string
	for _, s := range r.Scales {
		for _, step := range s.Nightly.Steps {
			if step.Seconds >= 0.5 && !slices.Contains(names, step.Name) {
				names = append(names, step.Name)
			}
		}
	}
	b.WriteString("### Where a night's seconds go\n\n| step |")
	for _, s := range r.Scales {
		fmt.Fprintf(b, " %s |", million(s.Cases))
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(r.Scales)) + "\n")
	for _, name := range names {
		fmt.Fprintf(b, "| %s |", name)
		for _, s := range r.Scales {
			seconds := 0.0
			for _, step := range s.Nightly.Steps {
				if step.Name == name {
					seconds += step.Seconds
				}
			}
			fmt.Fprintf(b, " %.1f |", seconds)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// steps shows where the time goes at one size.
func (r *Report) steps(b *strings.Builder, s *Scale) {
	fmt.Fprintf(b, "### Where the time goes, at %s cases\n\nSome steps run beside each other, and may add up to more than the whole takes.\n\n| of | step | seconds |\n|---|---|---:|\n", million(s.Cases))
	for _, part := range []struct {
		of   string
		cost Cost
	}{{"bare DuckDB", s.Bare}, {"full load", s.Full}, {"nightly run", s.Nightly}} {
		rest := part.cost.Seconds
		for _, step := range part.cost.Steps {
			rest -= step.Seconds
			if step.Seconds >= 0.05 {
				fmt.Fprintf(b, "| %s | %s | %.1f |\n", part.of, step.Name, step.Seconds)
			}
		}
		if rest >= 0 {
			fmt.Fprintf(b, "| %s | all else | %.1f |\n", part.of, rest)
		}
	}
	b.WriteString("\n")
}

// String is a cost as the table shows it.
func (c Cost) String() string { return fmt.Sprintf("%.1f s (%.1f), %s", c.Seconds, c.CPU, gib(c.Peak)) }

// String is a latency as the table shows it.
func (l Latency) String() string { return fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", l.P50, l.P99) }

func gib(bytes int64) string {
	if bytes < 1<<30/10 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
}

func million(n int64) string {
	return fmt.Sprintf("%.2g million", float64(n)/1e6)
}
