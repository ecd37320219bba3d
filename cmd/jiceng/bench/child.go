package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Cost is what one child process took.
type Cost struct {
	Seconds float64 `json:"seconds"` // on the wall clock
	CPU     float64 `json:"cpu"`     // processor seconds, user and system, of all threads
	Peak    int64   `json:"peak"`    // bytes of memory at its largest (maximum resident set)
	Steps   []Step  `json:"steps,omitempty"`
}

// Step is a part of a child's work.
type Step struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// child runs the program to its end and measures it. A child that writes
// JSON steps to its standard output has them read.
func child(ctx context.Context, program string, env []string, args ...string) (Cost, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), env...)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	started := time.Now()
	err := cmd.Run()
	c := Cost{Seconds: time.Since(started).Seconds()}
	if err != nil {
		return c, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, lastLines(log.String(), 20))
	}
	c.add(cmd.ProcessState)
	if strings.HasPrefix(out.String(), "[") {
		if err := json.Unmarshal(out.Bytes(), &c.Steps); err != nil {
			return c, fmt.Errorf("%s: read its steps: %w", strings.Join(args, " "), err)
		}
	}
	return c, nil
}

// mean is the mean of some runs of the same work, with the largest memory of any.
func mean(runs []Cost) Cost {
	var m Cost
	n := float64(len(runs))
	for _, c := range runs {
		m.Seconds += c.Seconds / n
		m.CPU += c.CPU / n
		m.Peak = max(m.Peak, c.Peak)
		for _, step := range c.Steps {
			i := slices.IndexFunc(m.Steps, func(s Step) bool { return s.Name == step.Name })
			if i < 0 {
				i = len(m.Steps)
				m.Steps = append(m.Steps, Step{Name: step.Name})
			}
			m.Steps[i].Seconds += step.Seconds / n
		}
	}
	return m
}

func (c *Cost) add(p *os.ProcessState) {
	c.CPU = (p.UserTime() + p.SystemTime()).Seconds()
	if usage, ok := p.SysUsage().(*syscall.Rusage); ok {
		c.Peak = usage.Maxrss * 1024
	}
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// machineMemory is the size of the machine's memory in bytes, 0 where it cannot be told.
func machineMemory() int64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 0
	}
	return int64(info.Totalram) * int64(info.Unit)
}

func bytesOf(pattern string) (int64, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, path := range paths {
		stat, err := os.Stat(path)
		if err != nil {
			return 0, err
		}
		sum += stat.Size()
	}
	return sum, nil
}

// stop asks a server to end, as an operator would, and waits for it.
func stop(cmd *exec.Cmd) error {
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return cmd.Wait()
}

func peakOf(cmd *exec.Cmd) int64 {
	var c Cost
	if cmd.ProcessState != nil {
		c.add(cmd.ProcessState)
	}
	return c.Peak
}
