package dashboards

import (
	"fmt"
	"slices"

	"github.com/jiceng/jiceng/queries/export"
	"github.com/jiceng/jiceng/queries/sandbox"
)

// workbenchPage is where researchers ask for themselves. The statement in the
// address is read by the page's script, so that one page serves every question.
type workbenchPage struct {
	Script  string
	Samples []sampleLink
	Formats []string
	Limits  string
}

type sampleLink struct{ ID, Table, Title, SQL string }

func (s *Server) workbench(f *frame) (content, error) {
	// The page stays in memory for other readers: nothing of this one's question may stand in it.
	f.Query.Del("sql")
	f.Query.Del("snapshot")
	samples, err := sandbox.Samples()
	if err != nil {
		return content{}, err
	}
	p := workbenchPage{Script: s.workbenchScript.Path, Formats: export.Names()}
	for i, sample := range samples {
		title := sample.Zh
		if f.Lang == "en" {
			title = sample.En
		}
		p.Samples = append(p.Samples, sampleLink{fmt.Sprintf("sample-%d", i), sample.Table, title, sample.SQL})
	}
	// What most people begin with comes first.
	slices.SortStableFunc(p.Samples, func(a, b sampleLink) int { return first(a.Table) - first(b.Table) })
	limits := s.config.Query.limits()
	p.Limits = f.T("wbLimits", "Seconds", f.Int(int64(limits.Time.Seconds())), "Rows", f.Int(limits.Rows), "MB", f.Int(limits.MemoryMB))
	return content{"workbench", f.T("workbench"), p}, nil
}

// first puts the facts that are about cases, answers and values in front.
func first(table string) int {
	if i := slices.Index([]string{"case_fact", "survey_fact", "indicator_value", "grid_month"}, table); i >= 0 {
		return i
	}
	return 100
}
