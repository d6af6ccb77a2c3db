package policy

import "strings"

// listReader reads rules of cetusguard.
type listReader struct {
	block int  // in YAML: the indent of the key whose block the rules are
	begun bool // that block
	rules ruleList
}

// listInYAML reads the rules of cetusguard in a file for docker compose.
func (f *listReader) listInYAML(line, trimmed string) error {
	if rules, ok := strings.CutPrefix(unquote(strings.TrimPrefix(trimmed, "- ")), "CETUSGUARD_RULES="); ok {
		return f.listRules(rules)
	}
	indent := len(line) - len(strings.TrimLeft(line, " "))
	key, value, ok := strings.Cut(strings.TrimPrefix(trimmed, "- "), ":")
	if ok && strings.Trim(key, `"'`) == "CETUSGUARD_RULES" {
		value = strings.TrimSpace(value)
		if value != "" && value[0] != '|' && value[0] != '>' {
			return f.listRules(unquote(value))
		}
		f.block, f.begun = indent, true
		return nil
	}
	switch {
	case !f.begun || trimmed == "":
		return nil
	case indent <= f.block:
		f.begun = false
		return nil
	case trimmed[0] == '!':
		return nil
	}
	return f.listRule(strings.ReplaceAll(trimmed, "$$", "$"))
}

// listRules reads rules with line breaks between them.
func (f *listReader) listRules(text string) error {
	for line := range strings.Lines(strings.ReplaceAll(text, "$$", "$")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '!' {
			continue
		}
		if err := f.listRule(line); err != nil {
			return err
		}
	}
	return nil
}

func (f *listReader) listRule(line string) error {
	r, err := parseListRule(line)
	if err == nil {
		f.rules = append(f.rules, r)
	}
	return err
}
