package signals

import (
	"runtime"

	"github.com/jiceng/jiceng/queries/catalogue"
)

// easel draws charts on all cores while more are read, and hands them on in the order in
// which they were asked for, so that the same cases give the same list of signals.
type easel struct {
	take    func(Chart, catalogue.Indicator) error
	waiting []chan drawn // the oldest first
}

type drawn struct {
	chart Chart
	ind   catalogue.Indicator
	err   error
}

// draw starts on a chart; the error may be that of one asked for before.
func (e *easel) draw(ind catalogue.Indicator, chart func() (Chart, error)) error {
	if len(e.waiting) >= 4*runtime.GOMAXPROCS(0) {
		if err := e.next(); err != nil {
			return err
		}
	}
	done := make(chan drawn, 1)
	e.waiting = append(e.waiting, done)
	go func() {
		c, err := chart()
		done <- drawn{c, ind, err}
	}()
	return nil
}

// next hands on the oldest chart.
func (e *easel) next() error {
	d := <-e.waiting[0]
	e.waiting = e.waiting[1:]
	if d.err != nil {
		return d.err
	}
	return e.take(d.chart, d.ind)
}

// finish hands on all that is left.
func (e *easel) finish() error {
	for len(e.waiting) > 0 {
		if err := e.next(); err != nil {
			return err
		}
	}
	return nil
}
