package lesson

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// group is the steps that belong to one command, or to one call of a client.
type group struct {
	name  string
	story *wire.Story // nil: it is not known how all of it went
	steps []*step
}

// groupsOf returns the groups of steps, in the order in which they begin. Steps without a
// story stand together as long as the same client asks.
func (a *account) groupsOf(steps []*step) (all []*group) {
	stories := make(map[explain.Client]*wire.Story)
	for _, s := range steps {
		if story := a.stories[s.x.Conn.Outermost()]; story != nil && s.by != (explain.Client{}) {
			stories[s.by] = story
		}
	}
	of := make(map[explain.Client]*group) // those with stories
	for _, s := range steps {
		g := of[s.by]
		if story := stories[s.by]; g == nil && story != nil {
			g = &group{name: story.Name, story: story}
			of[s.by] = g
			all = append(all, g)
		}
		if g == nil {
			name := s.by.Name()
			if name == "" || strings.HasPrefix(name, "docker ") { // it may be a part of the command only
				name = clientName(s.x)
			}
			if len(all) > 0 && all[len(all)-1].story == nil && all[len(all)-1].name == name {
				g = all[len(all)-1]
			} else {
				g = &group{name: name}
				all = append(all, g)
			}
		}
		g.steps = append(g.steps, s)
	}
	return all
}

// others returns the stories that none of the groups tells.
func (a *account) others(groups []*group) []*wire.Story {
	return slices.DeleteFunc(slices.Clone(a.told), func(s *wire.Story) bool {
		return slices.ContainsFunc(groups, func(g *group) bool { return g.story == s })
	})
}
