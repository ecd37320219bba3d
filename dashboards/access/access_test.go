package access

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

func TestWithoutUsersOnlyThisMachineIsListenedOn(t *testing.T) {
	tests := []struct {
		listen string
		users  bool
		fine   bool
	}{
		{"127.0.0.1:8080", false, true}, {"[::1]:8080", false, true}, {"localhost:8080", false, true}, {"127.5.5.5:1", false, true},
		{"0.0.0.0:8080", false, false}, {":8080", false, false}, {"[::]:8080", false, false}, {"192.168.1.5:8080", false, false},
		{"example.org:8080", false, false}, {"127.0.0.1.example.org:80", false, false}, {"[::ffff:10.0.0.1]:80", false, false},
		{"0.0.0.0:8080", true, true},
	}
	for _, test := range tests {
		if err := CheckListen(test.listen, test.users); (err == nil) != test.fine {
			t.Errorf("%s with users %t: %v", test.listen, test.users, err)
		}
	}
}

func TestEachRoleMayWhatThoseBeforeItMay(t *testing.T) {
	order := []Role{Viewer, Researcher, Operator}
	for i, role := range order {
		for j, needed := range order {
			if role.May(needed) != (i >= j) {
				t.Errorf("%s may %s: %t", role, needed, role.May(needed))
			}
		}
	}
	if Role("").May(Viewer) || Role("admin").May(Viewer) || Operator.May("") == false {
		t.Error("a role that is none may something, or an operator is stopped by a need that is none")
	}
}

func TestPasswordsAndTokensAreKeptAsHashes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.yaml")
	hash, err := HashPassword("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	token, tokenHash := NewToken()
	users := Users{[]User{{Name: "李雷", Role: Researcher, Password: hash, Tokens: []Token{{"notebook", tokenHash}}}}}
	if err := users.Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "correct horse") || strings.Contains(string(text), token) {
		t.Errorf("the file holds a secret: %s", text)
	}
	if stat, _ := os.Stat(path); stat.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %o", stat.Mode().Perm())
	}
	read, err := ReadUsers(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := read.checkPassword("李雷", "correct horse"); !ok {
		t.Error("the right password is refused")
	}
	for _, wrong := range []string{"", "correct hors", "correct horse ", "Correct horse"} {
		if _, ok := read.checkPassword("李雷", wrong); ok {
			t.Errorf("%q is accepted", wrong)
		}
	}
	if user, ok := read.byToken(token); !ok || user.Name != "李雷" {
		t.Error("the token is refused")
	}
	for _, wrong := range []string{"", tokenHash, token + "x", token[:len(token)-1]} {
		if _, ok := read.byToken(wrong); ok {
			t.Errorf("token %q is accepted", wrong)
		}
	}
}

func TestAUserWithoutAPasswordCannotLogInWithOne(t *testing.T) {
	users := Users{[]User{{Name: "a", Role: Viewer}}}
	for _, password := range []string{"", "x", string(nobody)} {
		if _, ok := users.checkPassword("a", password); ok {
			t.Errorf("%q is accepted", password)
		}
	}
	if cost, err := bcrypt.Cost(nobody); err != nil || cost != passwordCost || len(nobody) != 60 {
		t.Errorf("the hash for users that are none costs %d (%v): an unknown name would be answered faster", cost, err)
	}
}

func TestAUsersFileThatCannotBeTrustedIsRefused(t *testing.T) {
	tests := map[string]struct {
		text string
		mode fs.FileMode
	}{
		"others may write it":   {"users: []", 0o666},
		"a role that is none":   {"users: [{name: a, role: admin}]", 0o600},
		"a name twice":          {"users: [{name: a, role: viewer}, {name: a, role: operator}]", 0o600},
		"a password in clear":   {"users: [{name: a, role: viewer, password: secret}]", 0o600},
		"a field that is none":  {"users: [{name: a, role: viewer, admin: true}]", 0o600},
		"a name with a newline": {"users: [{name: \"a\\nb\", role: viewer}]", 0o600},
		"no YAML":               {"{", 0o600},
	}
	for name, test := range tests {
		path := filepath.Join(t.TempDir(), "users.yaml")
		if err := os.WriteFile(path, []byte(test.text), test.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, test.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadUsers(path); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestASessionEndsAndItsNameIsNew(t *testing.T) {
	s := newSessions(time.Hour)
	now := time.Now()
	s.now = func() time.Time { return now }
	x := User{Name: "x", Role: Viewer, Password: "hash"}
	users := Users{[]User{x}}
	a, b := s.begin(x), s.begin(x)
	if a == b || len(a) < 40 {
		t.Errorf("session names %q and %q", a, b)
	}
	if s.user(a, users) != "x" || s.user("", users) != "" || s.user(a+"x", users) != "" {
		t.Error("a session is not its user's alone")
	}
	if s.user(a, Users{}) != "" || s.user(a, Users{[]User{{Name: "x", Role: Viewer, Password: "another"}}}) != "" {
		t.Error("a session outlives its user, or the password that opened it")
	}
	now = now.Add(61 * time.Minute)
	if s.user(a, users) != "" {
		t.Error("a session outlives its time")
	}
}

func TestGuessingPasswordsGetsSlower(t *testing.T) {
	throttle := newThrottle()
	now := time.Now()
	throttle.now = func() time.Time { return now }
	var waits []time.Duration
	for range 20 {
		throttle.fail("name x")
		waits = append(waits, throttle.wait("name x", "address y"))
	}
	if waits[3] != 0 || waits[4] != firstWait || waits[5] != 2*firstWait || waits[19] != longestWait {
		t.Errorf("the waits are %v", waits)
	}
	if throttle.wait("name y") != 0 {
		t.Error("another name has to wait too")
	}
	throttle.succeed("name x")
	if throttle.wait("name x") != 0 {
		t.Error("after a right password one still waits")
	}
}

func TestOnlyAddressesOfThisServerAreGoneToAfterALogin(t *testing.T) {
	for next, want := range map[string]string{
		"/workbench?sql=select+1": "/workbench?sql=select+1", "/": "/", "": "/", "//evil.example": "/", "https://evil.example": "/",
		`/\evil.example`: "/", "javascript:alert(1)": "/", "/\r\nSet-Cookie: a=b": "/", "evil": "/", "/a/../b": "/a/../b", "\t//evil.example": "/",
	} {
		if got := SafeNext(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestAProxysHeaderNeedsANamedAddress(t *testing.T) {
	for _, proxy := range []Proxy{{Header: "X-User"}, {Addresses: []string{"10.0.0.1"}}, {Header: "X-User", Addresses: []string{"everywhere"}}} {
		if _, err := (Config{Proxy: proxy}).WithDefaults(); err == nil {
			t.Errorf("%+v is accepted", proxy)
		}
	}
}
