package access

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"
)

// cookieName is the session cookie's name.
const cookieName = "jiceng_session"

// maxSessions bounds what many logins can take of the server's memory.
const maxSessions = 10_000

// sessions are the open sessions, by the hash of what the cookie holds. They
// live in memory: a restart of the server ends them.
type sessions struct {
	mu   sync.Mutex
	open map[string]session
	life time.Duration
	now  func() time.Time
}

type session struct {
	user     string
	password string // hash of the password that opened it; another one ends the session
	ends     time.Time
}

func newSessions(life time.Duration) *sessions {
	return &sessions{open: map[string]session{}, life: life, now: time.Now}
}

// begin opens a session under a new name, whatever cookie the browser brought.
func (s *sessions) begin(user User) (id string) {
	id = rand.Text() + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for key, open := range s.open {
		if now.After(open.ends) || len(s.open) >= maxSessions {
			delete(s.open, key)
		}
	}
	s.open[hashToken(id)] = session{user.Name, user.Password, now.Add(s.life)}
	return id
}

// user returns whose session it is; "" if there is no such session, or if its user is gone or has another password since.
func (s *sessions) user(id string, users Users) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	open, ok := s.open[hashToken(id)]
	if !ok || s.now().After(open.ends) {
		return ""
	}
	if i := users.Find(open.user); i < 0 || users.Users[i].Password != open.password {
		return ""
	}
	return open.user
}

func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, hashToken(id))
}

// cookie holds a session; an empty id takes it away. Scripts cannot read it,
// and other sites cannot send it along with a POST.
func (s *sessions) cookie(id string, secure bool) *http.Cookie {
	c := &http.Cookie{Name: cookieName, Value: id, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, MaxAge: int(s.life.Seconds())}
	if id == "" {
		c.MaxAge = -1
	}
	return c
}
