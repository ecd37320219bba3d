package access

import (
	"sync"
	"time"
)

const (
	freeFailures = 5                // guesses before anybody has to wait
	firstWait    = 2 * time.Second  // then twice as long with each guess
	longestWait  = 15 * time.Minute // but no longer than this
	maxThrottled = 10_000
)

// throttle makes whoever fails to log in wait, by name and by address.
type throttle struct {
	mu     sync.Mutex
	failed map[string]failures
	now    func() time.Time
}

type failures struct {
	count int
	until time.Time
}

func newThrottle() *throttle { return &throttle{failed: map[string]failures{}, now: time.Now} }

// wait returns how long the longest of the keys still has to wait.
func (t *throttle) wait(keys ...string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	longest := time.Duration(0)
	for _, key := range keys {
		longest = max(longest, t.failed[key].until.Sub(t.now()))
	}
	return longest
}

func (t *throttle) fail(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if len(t.failed) > maxThrottled {
		for key, f := range t.failed {
			if now.After(f.until.Add(longestWait)) {
				delete(t.failed, key)
			}
		}
	}
	for _, key := range keys {
		f := t.failed[key]
		if now.After(f.until.Add(longestWait)) {
			f.count = 0 // it has been quiet long enough
		}
		f.count++
		f.until = now
		if over := f.count - freeFailures; over >= 0 {
			f.until = now.Add(min(longestWait, firstWait<<min(over, 16)))
		}
		t.failed[key] = f
	}
}

func (t *throttle) succeed(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, key)
}
