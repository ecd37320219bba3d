package dashboards

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/jiceng/jiceng/dashboards/access"
	"github.com/jiceng/jiceng/dashboards/locale"
)

// loginData is what the login page shows.
type loginData struct {
	Next, Name, Problem string
}

// accountData is what the account page shows.
type accountData struct{ access.Principal }

// plainFrame is a frame for a page that shows nothing of a snapshot.
func (s *Server) plainFrame(c echo.Context) *frame {
	f := &frame{Path: c.Request().URL.Path, Query: c.QueryParams(), ctx: c.Request().Context()}
	f.Locale = s.locales[f.one("lang", locale.Langs()...)]
	return f
}

func (s *Server) loginPage(c echo.Context) error {
	return s.showLogin(c, http.StatusOK, loginData{Next: access.SafeNext(c.QueryParam("next"))})
}

func (s *Server) showLogin(c echo.Context, status int, data loginData) error {
	f := s.plainFrame(c)
	if data.Problem != "" {
		data.Problem = f.T(data.Problem)
	}
	html, err := s.render(f, content{"login", f.T("loginTitle"), data})
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.HTMLBlob(status, html)
}

func (s *Server) login(c echo.Context) error {
	next := access.SafeNext(c.FormValue("next"))
	name := c.FormValue("name")
	err := s.guard.Login(c, name, c.FormValue("password"))
	switch {
	case errors.Is(err, access.ErrWait):
		return s.showLogin(c, http.StatusTooManyRequests, loginData{next, name, "loginWait"})
	case errors.Is(err, access.ErrWrong):
		return s.showLogin(c, http.StatusUnauthorized, loginData{next, name, "loginWrong"})
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, next)
}

func (s *Server) logout(c echo.Context) error {
	s.guard.Logout(c)
	return c.Redirect(http.StatusSeeOther, "/login")
}

func (s *Server) accountPage(c echo.Context) error {
	f := s.plainFrame(c)
	html, err := s.render(f, content{"account", f.T("account"), accountData{access.Who(c)}})
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.HTMLBlob(http.StatusOK, html)
}
