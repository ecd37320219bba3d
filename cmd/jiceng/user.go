package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/jiceng/jiceng/dashboards/access"
)

func newUserCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Say who may log in to the server, and as what"}
	configPath := cmd.PersistentFlags().String("config", "jiceng.yaml", "configuration file")

	add := &cobra.Command{Use: "add NAME", Short: "Add a user, or change the role, subdistrict and password of one", Args: cobra.ExactArgs(1)}
	role := add.Flags().String("role", string(access.Viewer), "viewer, researcher or operator")
	subdistrict := add.Flags().String("subdistrict", "", "code of the one subdistrict that the user sees (default: all)")
	proxied := add.Flags().Bool("no-password", false, "the user comes through a reverse proxy or with a token")
	add.RunE = func(cmd *cobra.Command, args []string) error {
		user := access.User{Name: args[0], Role: access.Role(*role), Subdistrict: *subdistrict}
		if !*proxied {
			password, err := askPassword(cmd.InOrStdin(), cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			if user.Password, err = access.HashPassword(password); err != nil {
				return err
			}
		}
		return changeUsers(*configPath, func(users *access.Users) error {
			if i := users.Find(user.Name); i >= 0 {
				user.Tokens = users.Users[i].Tokens
				users.Users[i] = user
				return nil
			}
			users.Users = append(users.Users, user)
			return nil
		})
	}

	token := &cobra.Command{Use: "token NAME", Short: "Make an API token for a user; it is shown this once", Args: cobra.ExactArgs(1)}
	note := token.Flags().String("note", "", "what the token is for")
	token.RunE = func(cmd *cobra.Command, args []string) error {
		made, hash := access.NewToken()
		err := changeUsers(*configPath, func(users *access.Users) error {
			i := users.Find(args[0])
			if i < 0 {
				return fmt.Errorf("there is no user %q", args[0])
			}
			users.Users[i].Tokens = append(users.Users[i].Tokens, access.Token{Note: *note, SHA256: hash})
			return nil
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), made)
		return err
	}

	remove := &cobra.Command{Use: "remove NAME", Short: "Remove a user with all tokens", Args: cobra.ExactArgs(1)}
	remove.RunE = func(_ *cobra.Command, args []string) error {
		return changeUsers(*configPath, func(users *access.Users) error {
			i := users.Find(args[0])
			if i < 0 {
				return fmt.Errorf("there is no user %q", args[0])
			}
			users.Users = slices.Delete(users.Users, i, i+1)
			return nil
		})
	}

	list := &cobra.Command{Use: "list", Short: "List the users", Args: cobra.NoArgs}
	list.RunE = func(cmd *cobra.Command, _ []string) error { return listUsers(cmd, *configPath) }
	cmd.AddCommand(add, token, remove, list)
	return cmd
}

// changeUsers reads the users' file, changes it and writes it.
func changeUsers(configPath string, change func(*access.Users) error) error {
	cfg, err := loadConfig(configPath)
	if err != nil {
		return err
	}
	path := cfg.Server.Access.UsersFile
	users, err := access.ReadUsers(path)
	if err != nil {
		return err
	}
	if err := change(&users); err != nil {
		return err
	}
	return users.Write(path)
}

func listUsers(cmd *cobra.Command, configPath string) error {
	cfg, err := loadConfig(configPath)
	if err != nil {
		return err
	}
	users, err := access.ReadUsers(cfg.Server.Access.UsersFile)
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetOutputMirror(cmd.OutOrStdout())
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"name", "role", "subdistrict", "password", "tokens"})
	for _, u := range users.Users {
		password := "no"
		if u.Password != "" {
			password = "yes"
		}
		t.AppendRow(table.Row{u.Name, u.Role, u.Subdistrict, password, len(u.Tokens)})
	}
	t.Render()
	return nil
}

// askPassword asks twice on a terminal and reads one line elsewhere.
func askPassword(in io.Reader, out io.Writer) (string, error) {
	if file, ok := in.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprintf(out, "Password (at least %d characters): ", access.MinPassword)
		first, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprint(out, "\nAgain: ")
		second, again := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(out)
		if err := errors.Join(err, again); err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		if string(first) != string(second) {
			return "", errors.New("the two are not the same")
		}
		return string(first), nil
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
