package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// Load is how pages are asked for.
type Load struct {
	Requests int           // per second; 0: pages are not measured
	Clients  int           // connections that ask at the same time
	For      time.Duration // how long
	Switch   time.Duration // every so often another snapshot is published
}

// Pages is how the server answered on loopback, bound to one core.
type Pages struct {
	First    Latency `json:"first"`    // each address for the first time, one after the other
	Again    Latency `json:"again"`    // the same addresses once more
	Loaded   Latency `json:"loaded"`   // at the asked rate, counted from when the request was due
	Rate     float64 `json:"rate"`     // requests answered per second under load
	Switches int     `json:"switches"` // how often another snapshot began to be served meanwhile
	Failed   int64   `json:"failed"`
	Peak     int64   `json:"peak"` // memory of the server in bytes
}

// Latency is how long requests took, in milliseconds.
type Latency struct {
	Requests int     `json:"requests"`
	P50      float64 `json:"p50"`
	P99      float64 `json:"p99"`
	Max      float64 `json:"max"`
}

// pages starts the server on one core and asks for pages while snapshots are switched.
func (d district) pages(ctx context.Context, opt Options) (*Pages, error) {
	addresses, err := d.addresses(ctx)
	if err != nil {
		return nil, err
	}
	server, base, err := d.serve(ctx, opt.Program)
	if err != nil {
		return nil, err
	}
	v := visitor{base: base, client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: opt.Load.Clients, MaxConnsPerHost: opt.Load.Clients}}}
	p := &Pages{}
	measured := func() error {
		if err := ready(ctx, v); err != nil {
			return err
		}
		for _, into := range []*Latency{&p.First, &p.Again} {
			var times []time.Duration
			for _, address := range addresses {
				started := time.Now()
				if _, err := v.ask(ctx, address); err != nil {
					return err
				}
				times = append(times, time.Since(started))
			}
			*into = latency(times)
		}
		return d.underLoad(ctx, opt.Load, addresses, v, p, opt.Log)
	}
	err = measured()
	stopErr := stop(server)
	p.Peak = peakOf(server)
	return p, errors.Join(err, stopErr)
}

// addresses are pages of all areas and of the last periods, in random order but the same each time.
func (d district) addresses(ctx context.Context) ([]string, error) {
	infos, err := d.warehouse().List()
	if err != nil {
		return nil, err
	}
	if len(infos) < 2 {
		return nil, errors.New("pages are measured on two snapshots, and there is one")
	}
	s, err := d.warehouse().Open(ctx, infos[len(infos)-2].Name, snapshot.Options{Threads: 1}) // the other one may have a month more
	if err != nil {
		return nil, err
	}
	defer s.Close()
	rows, err := s.DB.QueryContext(ctx, `
select
  a.geo_level,
  a.geo_code,
  p.period
from area as a
cross join (
  select distinct period
  from indicator_value
  where geo_level = 'district'
    and period_kind = 'month'
  order by period desc
  limit 12
) as p
order by a.geo_level, a.geo_code, p.period`)
	if err != nil {
		return nil, fmt.Errorf("list areas: %w", err)
	}
	defer rows.Close()
	var areas, all []string
	periods := map[string]bool{}
	for rows.Next() {
		var level, code, period string
		if err := rows.Scan(&level, &code, &period); err != nil {
			return nil, fmt.Errorf("list areas: %w", err)
		}
		areas = append(areas, fmt.Sprintf("/area/%s/%s?period=%s", level, code, period))
		periods[period] = true
	}
	random := rand.New(rand.NewPCG(8, 9))
	random.Shuffle(len(areas), func(i, j int) { areas[i], areas[j] = areas[j], areas[i] })
	months := slices.Sorted(func(yield func(string) bool) {
		for period := range periods {
			if !yield(period) {
				return
			}
		}
	})
	for _, area := range areas[:min(len(areas), 600)] {
		all = append(all, area)
		switch random.IntN(6) {
		case 0, 1:
			all = append(all, "/?period="+months[random.IntN(len(months))])
		case 2:
			all = append(all, "/catalogue")
		case 3:
			all = append(all, "/data-quality")
		case 4:
			all = append(all, "/api/v1/values.json?indicator=F13&level=subdistrict&period="+months[random.IntN(len(months))])
		}
	}
	return all, rows.Err()
}

// serve starts the server on a free port, bound to the machine's first core.
func (d district) serve(ctx context.Context, program string) (*exec.Cmd, string, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, "", err
	}
	cmd := exec.CommandContext(ctx, program, "serve", "--config", d.config(), "--listen", address)
	started := make(chan error)
	go func() {
		// A child inherits the cores of the thread that starts it. The thread ends with this goroutine.
		runtime.LockOSThread()
		var one unix.CPUSet
		one.Set(0)
		if err := unix.SchedSetaffinity(0, &one); err != nil {
			started <- fmt.Errorf("bind the server to one core: %w", err)
			return
		}
		started <- cmd.Start()
	}()
	return cmd, "http://" + address, <-started
}

// ready waits until the server answers.
func ready(ctx context.Context, v visitor) error {
	deadline, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		_, err := v.ask(ctx, "/readyz")
		if err == nil {
			return nil
		}
		select {
		case <-deadline.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// underLoad asks at a fixed rate, whatever the server does, and counts each
// answer's time from the moment it was due, so that a stall is not hidden.
func (d district) underLoad(ctx context.Context, load Load, addresses []string, v visitor, p *Pages, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	due := make(chan time.Time, load.Requests*int(load.For.Seconds()+1))
	var mu sync.Mutex
	var times []time.Duration
	var failed, next atomic.Int64
	popular := popularity(len(addresses))
	giveUp := time.Now().Add(load.For + 5*time.Second)
	var clients sync.WaitGroup
	for range load.Clients {
		clients.Go(func() {
			for at := range due {
				if time.Now().After(giveUp) {
					continue // what is still due then is missing from the rate
				}
				if _, err := v.ask(ctx, addresses[popular(next.Add(1))]); err != nil {
					if failed.Add(1) <= 3 {
						log.Warn("bench: a request failed", "error", err)
					}
					continue
				}
				mu.Lock()
				times = append(times, time.Since(at))
				mu.Unlock()
			}
		})
	}
	switching := make(chan error, 1)
	go func() { switching <- d.keepSwitching(ctx, load.Switch) }()
	served := make(chan int, 1)
	go func() { served <- switches(ctx, v) }()
	started := time.Now()
	for n := 0; ; n++ {
		at := started.Add(time.Duration(n) * time.Second / time.Duration(load.Requests))
		if at.Sub(started) > load.For {
			break
		}
		time.Sleep(time.Until(at))
		due <- at
	}
	close(due)
	clients.Wait()
	took := time.Since(started).Seconds()
	cancel()
	p.Loaded, p.Failed, p.Rate = latency(times), failed.Load(), float64(len(times))/took
	p.Switches = <-served
	return <-switching
}

// switches counts how often the served snapshot changes until the context ends.
func switches(ctx context.Context, v visitor) (count int) {
	last := ""
	for {
		if name, err := v.ask(ctx, "/readyz"); err == nil {
			if last != "" && name != last {
				count++
			}
			last = name
		}
		select {
		case <-ctx.Done():
			return count
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// popularity chooses addresses as visitors do: the n-th most popular is asked
// for in proportion to 1/n (Zipf's law). The same request number gives the same address.
func popularity(addresses int) func(request int64) int {
	sums := make([]float64, addresses)
	total := 0.0
	for i := range sums {
		total += 1 / float64(i+1)
		sums[i] = total
	}
	return func(request int64) int {
		at := rand.New(rand.NewPCG(8, uint64(request))).Float64() * total
		i, _ := slices.BinarySearch(sums, at)
		return min(i, addresses-1)
	}
}

// keepSwitching publishes the two newest snapshots in turn.
func (d district) keepSwitching(ctx context.Context, every time.Duration) error {
	infos, err := d.warehouse().List()
	if err != nil || len(infos) < 2 {
		return err
	}
	for turn := 0; ; turn++ {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(every):
			if err := d.warehouse().Rollback(infos[len(infos)-2+turn%2].Name); err != nil {
				return err
			}
		}
	}
}

// visitor asks the server for addresses.
type visitor struct {
	client *http.Client
	base   string
}

// ask returns what an address answers, packed as browsers take it.
func (v visitor) ask(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.base+address, nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	answer, err := v.client.Do(request)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return "", err
	}
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", address, answer.Status)
	}
	return string(body), nil
}

func latency(times []time.Duration) Latency {
	if len(times) == 0 {
		return Latency{}
	}
	slices.Sort(times)
	at := func(q float64) float64 {
		return float64(times[min(len(times)-1, int(q*float64(len(times))))].Microseconds()) / 1000
	}
	return Latency{Requests: len(times), P50: at(0.5), P99: at(0.99), Max: at(1)}
}
