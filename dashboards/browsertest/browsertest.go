// Package browsertest opens pages in Chromium for tests: what a person sees, and
// whatever went wrong while it was drawn. Chromium is Debian's; a machine without
// it fails the test, which is what the test command installs it for.
package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser is one Chromium, shared by the tests of a package.
type Browser struct {
	ctx   context.Context
	close func()
}

// Start starts Chromium. Close ends it.
func Start() (*Browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocated)
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		stop()
		return nil, fmt.Errorf("start chromium (apt-get install chromium): %w", err)
	}
	return &Browser{ctx, func() { cancel(); stop() }}, nil
}

// Close ends the browser.
func (b *Browser) Close() { b.close() }

// Screen is how a page is looked at.
type Screen struct {
	Width, Height int64
	Dark          bool
}

// The screens that every page must suit.
var (
	Desk  = Screen{Width: 1440, Height: 900}
	Phone = Screen{Width: 390, Height: 844}
)

// Page is one opened page.
type Page struct {
	ctx  context.Context
	host string

	mu       sync.Mutex
	problems []string
	received int64
}

// Open opens an address and waits until every chart is drawn.
func (b *Browser) Open(t testing.TB, address string, screen Screen) *Page {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(stop)
	p := &Page{ctx: ctx, host: parsed.Host}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	scheme := "light"
	if screen.Dark {
		scheme = "dark"
	}
	p.Run(t,
		call(network.Enable, network.EnableParams{}), call(runtime.Enable, cdp.Empty{}), call(cdplog.Enable, cdp.Empty{}),
		call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: screen.Width, Height: screen.Height, DeviceScaleFactor: 1, Mobile: screen.Width < 600}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}),
		chromedp.Navigate(address),
		chromedp.WaitVisible(chromedp.CSS("#main")),
	)
	p.WaitDrawn(t)
	return p
}

// Step is one thing that is done with a page.
type Step = chromedp.Action[chromedp.Void]

func call[P, R any](command cdp.Command[P, R], params P) Step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	})
}

// Run does steps on the page.
func (p *Page) Run(t testing.TB, steps ...Step) {
	t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		t.Fatalf("%v; problems so far: %v", err, p.Problems())
	}
}

// Click clicks the first element that a selector finds, once it can be seen.
func (p *Page) Click(t testing.TB, selector string) {
	t.Helper()
	p.Run(t, chromedp.Click(chromedp.CSS(selector)))
}

// Type types into the element that a selector finds.
func (p *Page) Type(t testing.TB, selector, text string) {
	t.Helper()
	p.Run(t, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Choose sets a select or an input to a value, as a person's choice would.
func (p *Page) Choose(t testing.TB, selector, value string) {
	t.Helper()
	Eval[any](t, p, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %q;
		e.dispatchEvent(new Event("input", { bubbles: true })); e.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`, selector, value))
}

// Wait waits until a JavaScript expression is true, also across a change of page.
func (p *Page) Wait(t testing.TB, condition string) {
	t.Helper()
	for {
		// While the browser goes from one page to the next, there is nothing to ask.
		holds, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		if err == nil && holds {
			return
		}
		select {
		case <-p.ctx.Done():
			t.Fatalf("wait for %s: %v, %v; problems so far: %v", condition, p.ctx.Err(), err, p.Problems())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// WaitDrawn waits until every chart is drawn or has failed, and the workbench has its tables and its answer.
func (p *Page) WaitDrawn(t testing.TB) {
	t.Helper()
	p.Wait(t, `document.readyState === "complete" && document.getElementById("main") &&
		!document.querySelector("#workbench:not([data-schema]), #workbench[data-state=running]") &&
		[...document.querySelectorAll("[data-options]")].every((box) => box.dataset.drawn || box.dataset.failed)`)
}

// Eval evaluates JavaScript on the page.
func Eval[T any](t testing.TB, p *Page, script string) T {
	t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v; problems so far: %v", script, err, p.Problems())
	}
	return value
}

// Text is the text of the elements that a selector finds.
func (p *Page) Text(t testing.TB, selector string) []string {
	t.Helper()
	return Eval[[]string](t, p, fmt.Sprintf(`[...document.querySelectorAll(%q)].map((e) => e.innerText.trim())`, selector))
}

// Chart is what became of one chart.
type Chart struct {
	ID     string `json:"id"`
	Failed string `json:"failed"`
	Pixels int    `json:"pixels"` // that are not transparent
	Wide   bool   `json:"wide"`   // wider than what holds it
}

// Charts looks at every chart's canvas.
func (p *Page) Charts(t testing.TB) []Chart {
	t.Helper()
	return Eval[[]Chart](t, p, `[...document.querySelectorAll("[data-options]")].map((box) => {
		const canvas = box.querySelector("canvas");
		let pixels = 0;
		if (canvas && canvas.width && canvas.height) {
			const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
			for (let i = 3; i < data.length; i += 4) if (data[i] > 0) pixels++;
		}
		return { id: box.id, failed: box.dataset.failed || "", pixels, wide: !!canvas && canvas.getBoundingClientRect().width > box.parentElement.getBoundingClientRect().width + 1 };
	})`)
}

// Overflows says by how many pixels the page is wider than the screen.
func (p *Page) Overflows(t testing.TB) int {
	t.Helper()
	return Eval[int](t, p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
}

// Screenshot writes the whole page as a PNG file.
func (p *Page) Screenshot(t testing.TB, path string) {
	t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// OnPaper shows the page as it is printed on A4.
func (p *Page) OnPaper(t testing.TB) {
	t.Helper()
	p.Run(t, call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 794, Height: 1123, DeviceScaleFactor: 1}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
	Eval[any](t, p, `(() => { dispatchEvent(new Event("beforeprint")); return true; })()`)
	p.WaitDrawn(t)
}

// PDF prints the page on A4.
func (p *Page) PDF(t testing.TB) []byte {
	t.Helper()
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// Download clicks what a selector finds and returns the file that the browser then keeps, and its name.
func (p *Page) Download(t testing.TB, selector string) (name string, content []byte) {
	t.Helper()
	dir := t.TempDir()
	p.Run(t, call(browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir}))
	Eval[any](t, p, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView(); e.click(); return true; })()`, selector))
	for {
		found, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if strings.HasSuffix(f.Name(), ".crdownload") || strings.HasPrefix(f.Name(), ".") {
				continue
			}
			content, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			return f.Name(), content
		}
		select {
		case <-p.ctx.Done():
			t.Fatalf("nothing was kept after a click on %s; problems so far: %v", selector, p.Problems())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Problems is what went wrong: console errors, exceptions, violations of the
// content security policy, failed requests, and requests to another host.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.problems...)
}

// Received is how many bytes the page and all it loaded took on the wire, as they were packed.
func (p *Page) Received() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.received
}

// Check fails the test for each problem, each chart that is empty or too wide, and a page wider than its screen.
func (p *Page) Check(t testing.TB) {
	t.Helper()
	for _, problem := range p.Problems() {
		t.Error(problem)
	}
	for _, c := range p.Charts(t) {
		if c.Failed != "" || c.Pixels == 0 || c.Wide {
			t.Errorf("chart %s: failed %q, %d pixels drawn, too wide: %v", c.ID, c.Failed, c.Pixels, c.Wide)
		}
	}
	if n := p.Overflows(t); n > 0 {
		t.Errorf("the page is %d pixels wider than the screen", n)
	}
	missing := Eval[[]string](t, p, `[...new Set((document.documentElement.outerHTML.match(/⟦[^⟧]*⟧/g) || []))]`)
	if len(missing) > 0 {
		t.Errorf("texts without a translation: %s", strings.Join(missing, " "))
	}
}

// Finding is one thing that keeps people from using the page with a keyboard or a screen reader.
type Finding struct {
	Rule   string `json:"rule"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Where  string `json:"where"`
}

// Accessibility returns what axe-core calls serious or critical. The library is read
// from the folder that "npm ci" fills, dashboards/assets/node_modules.
func (p *Page) Accessibility(t testing.TB, library string) []Finding {
	t.Helper()
	script, err := os.ReadFile(library)
	if err != nil {
		t.Fatalf("axe-core is missing (run npm ci in dashboards/assets): %v", err)
	}
	Eval[any](t, p, string(script)+"; true")
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]Finding](`axe.run(document, { resultTypes: ["violations"] }).then((r) => r.violations
		.filter((v) => v.impact === "serious" || v.impact === "critical")
		.map((v) => ({ rule: v.id, impact: v.impact, help: v.help, where: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ") })))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("axe-core: %v", err)
	}
	return found
}

func (p *Page) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

func (p *Page) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			var words []string
			for _, arg := range e.Args {
				words = append(words, string(arg.Value)+arg.Description)
			}
			p.note("console %s: %s", e.Type, strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		p.note("exception: %s at %s:%d", e.ExceptionDetails.Text, e.ExceptionDetails.URL, e.ExceptionDetails.LineNumber+1)
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			p.note("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != p.host {
			p.note("request to another host: %s", e.Request.URL)
		}
	case *network.EventLoadingFinished:
		p.mu.Lock()
		p.received += int64(e.EncodedDataLength)
		p.mu.Unlock()
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			p.note("status %d: %s", e.Response.Status, e.Response.URL)
		}
	}
}
