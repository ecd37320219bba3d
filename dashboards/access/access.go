// Package access says who may see what of the server.
//
// A request is somebody's by a session cookie, by an API token, or by a header
// of a reverse proxy at a named address. Users stand in a file of their own,
// which "jiceng user" writes; the server reads it again when it changes.
//
//	users.go     the users' file: roles, password hashes, hashes of API tokens
//	guard.go     who sent this request, and may it pass
//	session.go   sessions behind cookies
//	throttle.go  slows down who guesses passwords
//	audit.go     writes down who asked and exported what
//
// A server without users answers on this machine alone, and takes whoever sits
// there for its operator.
package access

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// Role is what a user may do; each may do what those before it may.
type Role string

// The roles.
const (
	Viewer     Role = "viewer"     // pages and their data, without counts of a few people
	Researcher Role = "researcher" // also queries on cases, without personal columns
	Operator   Role = "operator"   // also what concerns the server itself
)

var ranks = map[Role]int{Viewer: 1, Researcher: 2, Operator: 3}

// May says whether a role includes another.
func (r Role) May(needed Role) bool { return ranks[r] > 0 && ranks[r] >= ranks[needed] }

// Principal is who sent a request.
type Principal struct {
	Name        string
	Role        Role
	Subdistrict string // code of the one subdistrict that this user sees; "" for all
	Via         string // how we know: session, token, proxy, local
}

// Config is the part of jiceng.yaml that says who may see what.
type Config struct {
	// UsersFile holds the users; "jiceng user" writes it.
	UsersFile string `yaml:"users_file"`
	// Proxy is a reverse proxy that has asked for the user's name already.
	Proxy Proxy `yaml:"proxy"`
	// SecureCookies sends session cookies over HTTPS alone. Set it where the
	// server stands behind a proxy that speaks HTTPS.
	SecureCookies bool `yaml:"secure_cookies"`
	// SessionHours is how long a session lasts.
	SessionHours int `yaml:"session_hours"`
	// Threshold is the smallest count of cases or answers that viewers see; below, values are suppressed.
	Threshold int `yaml:"threshold"`
	// AuditFile is where queries, exports and logins are written down as JSON lines.
	AuditFile string `yaml:"audit_file"`
}

// Proxy names the header that holds the user's name and the addresses it is believed from.
type Proxy struct {
	Header    string   `yaml:"header"`
	Addresses []string `yaml:"addresses"`
}

// Defaults.
const (
	DefaultThreshold    = 5
	defaultSessionHours = 12
)

// WithDefaults fills in what is not given and checks the rest.
func (c Config) WithDefaults() (Config, error) {
	if c.Threshold == 0 {
		c.Threshold = DefaultThreshold
	}
	if c.SessionHours == 0 {
		c.SessionHours = defaultSessionHours
	}
	if (c.Proxy.Header == "") != (len(c.Proxy.Addresses) == 0) {
		return c, errors.New("server.access.proxy: header and addresses go together: a header is only worth something from a named address")
	}
	for _, address := range c.Proxy.Addresses {
		if _, err := netip.ParseAddr(address); err != nil {
			return c, fmt.Errorf("server.access.proxy.addresses: %w", err)
		}
	}
	return c, nil
}

func (c Config) sessionTime() time.Duration { return time.Duration(c.SessionHours) * time.Hour }

// ErrOpen says that a server without users would be reachable from elsewhere.
var ErrOpen = errors.New("without users the server only listens on this machine (127.0.0.1): add one with \"jiceng user add\", or listen on a loopback address")

// CheckListen refuses an address that others can reach while there are no users.
func CheckListen(listen string, haveUsers bool) error {
	if haveUsers {
		return nil
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", listen, err)
	}
	if isLoopback(host) {
		return nil
	}
	return fmt.Errorf("listen on %s: %w", listen, ErrOpen)
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
