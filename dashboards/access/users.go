package access

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"
	"golang.org/x/crypto/bcrypt"
)

// User is one entry of the users' file.
type User struct {
	Name        string  `yaml:"name"`
	Role        Role    `yaml:"role"`
	Subdistrict string  `yaml:"subdistrict,omitempty"`
	Password    string  `yaml:"password,omitempty"` // bcrypt hash
	Tokens      []Token `yaml:"tokens,omitempty"`
}

// Token is an API token, of which only the hash is kept.
type Token struct {
	Note   string `yaml:"note,omitempty"`
	SHA256 string `yaml:"sha256"`
}

// Users are all users.
type Users struct {
	Users []User `yaml:"users"`
}

const (
	// MinPassword is the shortest password; bcrypt looks at no more than the first 72 bytes.
	MinPassword = 10
	maxPassword = 72
	// passwordCost makes one check take a good part of a second.
	passwordCost = 12
	// tokenPrefix makes tokens easy to find where they should not be.
	tokenPrefix = "jiceng_"
)

var userName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$`)

// ReadUsers reads the users' file; one that does not exist holds no users. A
// file that others may write is refused.
func ReadUsers(path string) (Users, error) {
	var users Users
	stat, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return users, nil
	}
	if err != nil {
		return users, fmt.Errorf("read the users: %w", err)
	}
	if stat.Mode().Perm()&0o022 != 0 {
		return users, fmt.Errorf("the users' file %s can be written by others (mode %04o): run \"chmod 600 %s\"", path, stat.Mode().Perm(), path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return users, fmt.Errorf("read the users: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(text, &users, yaml.Strict()); err != nil {
		return users, fmt.Errorf("users' file %s: %s", path, yaml.FormatError(err, false, false))
	}
	return users, users.check(path)
}

func (u Users) check(path string) error {
	seen := map[string]bool{}
	for _, user := range u.Users {
		if !userName.MatchString(user.Name) || seen[user.Name] {
			return fmt.Errorf("users' file %s: the name %q is not one or stands twice", path, user.Name)
		}
		seen[user.Name] = true
		if ranks[user.Role] == 0 {
			return fmt.Errorf("users' file %s: %s: role %q is not viewer, researcher or operator", path, user.Name, user.Role)
		}
		if user.Password != "" {
			if _, err := bcrypt.Cost([]byte(user.Password)); err != nil {
				return fmt.Errorf("users' file %s: %s: password is not a hash that \"jiceng user\" wrote: %w", path, user.Name, err)
			}
		}
	}
	return nil
}

// Write writes the users' file for its owner alone, at once or not at all.
func (u Users) Write(path string) (err error) {
	if err := u.check(path); err != nil {
		return err
	}
	text, err := yaml.Marshal(u)
	if err != nil {
		return fmt.Errorf("write the users: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".users-*")
	if err != nil {
		return fmt.Errorf("write the users: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	_, err = temp.Write(append([]byte("# Written by \"jiceng user\". Passwords and tokens are kept as hashes.\n"), text...))
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("write the users: %w", err)
	}
	if err = os.Rename(temp.Name(), path); err != nil {
		return fmt.Errorf("write the users: %w", err)
	}
	return nil
}

// Find returns the position of a user, or -1.
func (u Users) Find(name string) int {
	return slices.IndexFunc(u.Users, func(user User) bool { return user.Name == name })
}

// HashPassword makes the hash that is kept of a password.
func HashPassword(password string) (string, error) {
	if len(password) < MinPassword || len(password) > maxPassword {
		return "", fmt.Errorf("a password has %d to %d bytes", MinPassword, maxPassword)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), passwordCost)
	if err != nil {
		return "", fmt.Errorf("hash the password: %w", err)
	}
	return string(hash), nil
}

// nobody is the hash that a password is checked against when there is no such
// user, so that the answer takes as long as for one there is.
var nobody = []byte("$2a$12$C6UzMDM.H6dfI/f/IKcEeO7ZpPpx2Hw4rUjVlHJvWhNWGkT9l5n5W")

// checkPassword says whether the password is the user's.
func (u Users) checkPassword(name, password string) (User, bool) {
	hash := nobody
	i := u.Find(name)
	if i >= 0 && u.Users[i].Password != "" {
		hash = []byte(u.Users[i].Password)
	}
	matches := bcrypt.CompareHashAndPassword(hash, []byte(password)) == nil
	if !matches || bytes.Equal(hash, nobody) {
		return User{}, false
	}
	return u.Users[i], true
}

// NewToken makes an API token; only its hash is to be kept.
func NewToken() (token, hash string) {
	token = tokenPrefix + rand.Text()
	return token, hashToken(token)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// byToken returns the user whose token this is.
func (u Users) byToken(token string) (User, bool) {
	hash := []byte(hashToken(token))
	for _, user := range u.Users {
		for _, t := range user.Tokens {
			if subtle.ConstantTimeCompare(hash, []byte(t.SHA256)) == 1 {
				return user, true
			}
		}
	}
	return User{}, false
}
