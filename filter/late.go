package filter

import "slices"

// Late returns the names of the fields that f looks at and that the head of a request does
// not tell, in the order in which it has them: who must decide before anything is answered
// refuses a filter that has some. Of filters that Compile has not made nothing is known.
func (f *Filter) Late() (names []string) {
	for _, p := range f.parts {
		one, is := p.(*program)
		if !is {
			continue
		}
		for _, field := range one.fields {
			if field.facts&^requestHead != 0 && !slices.Contains(names, field.name) {
				names = append(names, field.name)
			}
		}
	}
	return names
}
