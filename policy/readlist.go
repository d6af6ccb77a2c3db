package policy

import "strings"

// listRules reads rules of cetusguard with line breaks between them. With an error comes the
// number of the line.
func listRules(text string) (rules ruleList, n int, err error) {
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '!' {
			continue
		}
		r, err := parseListRule(line)
		if err != nil {
			return nil, n, err
		}
		rules = append(rules, r)
	}
	return rules, n, nil
}
