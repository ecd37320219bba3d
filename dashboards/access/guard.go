package access

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
)

// Guard knows the users and looks at every request.
type Guard struct {
	config   Config
	log      *slog.Logger
	sessions *sessions
	throttle *throttle
	origin   *http.CrossOriginProtection
	checking chan struct{} // password checks that run: each takes a good part of a second of a core
	local    atomic.Bool   // whether only this machine's own names are answered to
	Audit    *Audit

	mu      sync.Mutex
	users   Users
	read    time.Time // when the users' file was last looked at
	changed time.Time // its time of change then
}

// usersEvery is how often the users' file is looked at.
const usersEvery = 2 * time.Second

// NewGuard reads the users and opens the audit log.
func NewGuard(config Config, log *slog.Logger) (*Guard, error) {
	config, err := config.WithDefaults()
	if err != nil {
		return nil, err
	}
	g := &Guard{config: config, log: log, sessions: newSessions(config.sessionTime()), throttle: newThrottle(), origin: http.NewCrossOriginProtection(),
		checking: make(chan struct{}, 2)}
	if g.users, err = ReadUsers(config.UsersFile); err != nil {
		return nil, err
	}
	if g.Audit, err = OpenAudit(config.AuditFile, log); err != nil {
		return nil, err
	}
	return g, nil
}

// Close closes the audit log.
func (g *Guard) Close() error { return g.Audit.Close() }

// HaveUsers says whether anybody has to say who they are.
func (g *Guard) HaveUsers() bool { return len(g.current().Users) > 0 }

// Principals are all users.
func (g *Guard) Principals() []Principal {
	users := g.current().Users
	all := make([]Principal, len(users))
	for i, u := range users {
		all[i] = Principal{Name: u.Name, Role: u.Role, Subdistrict: u.Subdistrict}
	}
	return all
}

// Threshold is the smallest count that viewers see.
func (g *Guard) Threshold() int { return g.config.Threshold }

// current returns the users, read again if their file has changed.
func (g *Guard) current() Users {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.config.UsersFile == "" || time.Since(g.read) < usersEvery {
		return g.users
	}
	g.read = time.Now()
	stat, err := os.Stat(g.config.UsersFile)
	if err != nil || stat.ModTime().Equal(g.changed) {
		return g.users
	}
	users, err := ReadUsers(g.config.UsersFile)
	switch {
	case err != nil:
		g.log.Error("the users' file cannot be read; the users stay as they were", "error", err)
	case len(users.Users) == 0 && len(g.users.Users) > 0:
		g.log.Error("the users' file is empty; the users stay as they were until a restart")
	default:
		g.users = users
	}
	g.changed = stat.ModTime()
	return g.users
}

const principalKey = "principal"

// Who returns who sent the request.
func Who(c echo.Context) Principal {
	p, _ := c.Get(principalKey).(Principal)
	return p
}

// public are addresses that anybody may open: what the login page needs, and
// what says whether the server is alive.
func public(path string) bool {
	return path == "/login" || path == "/healthz" || path == "/readyz" || path == "/favicon.ico" || strings.HasPrefix(path, "/assets/")
}

// needed is the role that an address needs.
func needed(path string) Role {
	switch {
	case path == "/metrics":
		return Operator
	case path == "/workbench", strings.HasPrefix(path, "/workbench/"), path == "/api/v1/query", path == "/api/v1/schema":
		return Researcher
	}
	return Viewer
}

// Protect lets a request pass if its sender may see what it asks for.
func (g *Guard) Protect(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if err := g.origin.Check(r); err != nil {
			return echo.NewHTTPError(http.StatusForbidden, "this request comes from another site")
		}
		if !g.HaveUsers() {
			if g.local.Load() && !g.hostIsLocal(r) {
				return echo.NewHTTPError(http.StatusForbidden, "without users the server answers to this machine's own name alone")
			}
			c.Set(principalKey, Principal{Name: "local", Role: Operator, Via: "local"})
			return next(c)
		}
		who, ok := g.identify(r)
		c.Set(principalKey, who)
		path := r.URL.Path
		switch {
		case public(path):
			return next(c)
		case !ok && strings.HasPrefix(path, "/api/"), !ok && path == "/metrics":
			c.Response().Header().Set("WWW-Authenticate", `Bearer realm="jiceng"`)
			return echo.NewHTTPError(http.StatusUnauthorized, "log in, or send an API token: Authorization: Bearer …")
		case !ok:
			return c.Redirect(http.StatusSeeOther, "/login?next="+url.QueryEscape(r.URL.RequestURI()))
		case !who.Role.May(needed(path)):
			return echo.NewHTTPError(http.StatusForbidden, "your role is "+string(who.Role)+"; this needs "+string(needed(path)))
		}
		return next(c)
	}
}

// Listen checks the address that the server is about to listen on, and guards
// a server without users against pages of other sites.
func (g *Guard) Listen(address string) error {
	if err := CheckListen(address, g.HaveUsers()); err != nil {
		return err
	}
	g.local.Store(true)
	return nil
}

// hostIsLocal keeps pages of other sites from reaching an open server by a
// name of theirs that they let point to this machine.
func (g *Guard) hostIsLocal(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(r.Host); err == nil {
		host = name
	}
	return isLoopback(strings.Trim(host, "[]"))
}

// identify finds out who sent a request.
func (g *Guard) identify(r *http.Request) (Principal, bool) {
	users := g.current()
	if g.fromProxy(r) {
		if name := r.Header.Get(g.config.Proxy.Header); name != "" {
			return principal(users, name, "proxy")
		}
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		user, found := users.byToken(token)
		if !found {
			return Principal{}, false
		}
		return principal(users, user.Name, "token")
	}
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return Principal{}, false
	}
	return principal(users, g.sessions.user(cookie.Value, users), "session")
}

func principal(users Users, name, via string) (Principal, bool) {
	i := users.Find(name)
	if i < 0 {
		return Principal{}, false
	}
	user := users.Users[i]
	return Principal{user.Name, user.Role, user.Subdistrict, via}, true
}

// fromProxy says whether the connection itself, and not a header, comes from the proxy.
func (g *Guard) fromProxy(r *http.Request) bool {
	if g.config.Proxy.Header == "" {
		return false
	}
	address, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(g.config.Proxy.Addresses, func(allowed string) bool {
		a, err := netip.ParseAddr(allowed)
		return err == nil && a.Unmap() == address.Addr().Unmap()
	})
}

// ErrWait says that too many guesses failed.
var ErrWait = errors.New("too many failed logins")

// ErrWrong says that name and password do not fit.
var ErrWrong = errors.New("wrong name or password")

// Login opens a session if name and password fit, and sets its cookie.
func (g *Guard) Login(c echo.Context, name, password string) error {
	address := c.RealIP()
	if host, _, err := net.SplitHostPort(c.Request().RemoteAddr); err == nil {
		address = host
	}
	keys := []string{"name " + name, "address " + address}
	ctx := c.Request().Context()
	if g.throttle.wait(keys...) > 0 {
		g.Audit.Write(ctx, "login refused", Principal{Name: name}, "address", address)
		return ErrWait
	}
	g.checking <- struct{}{}
	user, ok := g.current().checkPassword(name, password)
	<-g.checking
	if !ok {
		g.throttle.fail(keys...)
		g.Audit.Write(ctx, "login failed", Principal{Name: name}, "address", address)
		return ErrWrong
	}
	g.throttle.succeed(keys[0])
	if old, err := c.Cookie(cookieName); err == nil {
		g.sessions.end(old.Value)
	}
	c.SetCookie(g.sessions.cookie(g.sessions.begin(user), g.secure(c)))
	g.Audit.Write(ctx, "login", Principal{user.Name, user.Role, user.Subdistrict, "session"}, "address", address)
	return nil
}

// Logout ends the session and takes its cookie away.
func (g *Guard) Logout(c echo.Context) {
	if cookie, err := c.Cookie(cookieName); err == nil {
		g.sessions.end(cookie.Value)
	}
	c.SetCookie(g.sessions.cookie("", g.secure(c)))
	g.Audit.Write(c.Request().Context(), "logout", Who(c))
}

func (g *Guard) secure(c echo.Context) bool { return g.config.SecureCookies || c.Request().TLS != nil }

// SafeNext is an address on this server to go to after a login; anything else becomes the first page.
func SafeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}
