// Package locale translates page texts and formats numbers in Chinese and English.
// The texts of one subject stand in texts/<subject>.<language>.json.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

//go:embed texts/*.json
var files embed.FS

// Langs are the languages of the pages, the default first.
func Langs() []string { return []string{"zh", "en"} }

// Locale gives texts and numbers in one language.
type Locale struct {
	Lang    string
	texts   *i18n.Localizer
	printer *message.Printer
	plain   sync.Map // texts without values, by key: a page has hundreds
}

// Load returns the locales by language.
func Load() (map[string]*Locale, error) {
	bundle := i18n.NewBundle(language.Chinese)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	locales := map[string]*Locale{}
	for _, lang := range Langs() {
		names, err := fs.Glob(files, "texts/*."+lang+".json")
		if err != nil {
			return nil, fmt.Errorf("list the texts in %s: %w", lang, err)
		}
		for _, name := range names {
			if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
				return nil, fmt.Errorf("read the texts of %s: %w", name, err)
			}
		}
		locales[lang] = &Locale{Lang: lang, texts: i18n.NewLocalizer(bundle, lang), printer: message.NewPrinter(language.Make(lang))}
	}
	return locales, nil
}

// T returns a text; args are pairs of names and values used in it. A text that
// is missing shows its key in brackets, which the tests look for.
func (l *Locale) T(key string, args ...any) string {
	if len(args) > 0 {
		return l.localize(key, args)
	}
	if text, ok := l.plain.Load(key); ok {
		return text.(string)
	}
	text := l.localize(key, nil)
	if !strings.HasPrefix(text, "⟦") { // keys that are missing may come from addresses, without end
		l.plain.Store(key, text)
	}
	return text
}

func (l *Locale) localize(key string, args []any) string {
	data := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	text, err := l.texts.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data})
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return text
}

// Value formats an indicator's value in its unit, without the unit's name except for %.
func (l *Locale) Value(v float64, unit string) string {
	if unit == "percent" {
		return l.printer.Sprint(number.Decimal(100*v, number.MinFractionDigits(1), number.MaxFractionDigits(1))) + "%"
	}
	digits := 2
	switch unit {
	case "score":
		digits = 1
	case "count":
		return l.printer.Sprint(number.Decimal(v, number.MaxFractionDigits(0)))
	}
	return l.printer.Sprint(number.Decimal(v, number.MinFractionDigits(1), number.MaxFractionDigits(digits)))
}

// Signed formats a difference with its sign; what is rounded to nothing has none.
func (l *Locale) Signed(v float64) string { return l.signed(v, 1) }

func (l *Locale) signed(v float64, digits int) string {
	text := l.printer.Sprintf("%+.*f", digits, v)
	if !strings.ContainsAny(text, "123456789") {
		return strings.TrimLeft(text, "+-")
	}
	return strings.Replace(text, "-", "−", 1)
}

// Int formats a whole number with separators.
func (l *Locale) Int(n int64) string { return l.printer.Sprint(number.Decimal(n)) }

// Unit is the unit's short name behind a value; percent is part of the number.
func (l *Locale) Unit(unit string) string {
	if unit == "percent" {
		return ""
	}
	return l.T("unit_" + unit)
}

// Difference formats a change: percentage points for shares, per cent of the old value for the rest.
func (l *Locale) Difference(old, now float64, unit string) string {
	if unit == "percent" {
		points := map[string]string{"zh": " 个百分点", "en": " pp"}[l.Lang]
		return l.signed(100*(now-old), 1) + points
	}
	if old == 0 {
		return l.signed(now, 2)
	}
	return l.signed(100*(now-old)/old, 1) + "%"
}

// Period formats 2025-11, 2025-Q4 or 2025.
func (l *Locale) Period(p string) string {
	year, rest, found := strings.Cut(p, "-")
	switch {
	case !found && l.Lang == "zh":
		return year + "年"
	case !found:
		return year
	case strings.HasPrefix(rest, "Q") && l.Lang == "zh":
		return year + "年第" + rest[1:] + "季度"
	case l.Lang == "zh":
		return year + "年" + strings.TrimPrefix(rest, "0") + "月"
	case strings.HasPrefix(rest, "Q"):
		return rest + " " + year
	default:
		month, err := time.Parse("2006-01", p)
		if err != nil {
			return p
		}
		return month.Format("Jan 2006")
	}
}
