package policy

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// ruleList decides as cetusguard does: a request is let in if one of the rules has its method,
// and an expression that matches its target as it was sent, with its query.
type ruleList []listRule

type listRule struct {
	methods []string
	target  *regexp.Regexp
}

// Decide implements Rules.
func (l ruleList) Decide(r Request) Verdict {
	u, err := url.ParseRequestURI(r.Target)
	if err != nil {
		return Verdict{}
	}
	target := u.RequestURI()
	for _, rule := range l {
		for _, method := range rule.methods {
			if method == r.Method && rule.target.MatchString(target) {
				return Verdict{Allowed: true}
			}
		}
	}
	return Verdict{}
}

// builtinRules are those that cetusguard has unless it is told not to.
const builtinRules = `GET,HEAD %API_PREFIX_PING%
GET,HEAD %API_PREFIX_LIBPOD_PING%
GET %API_PREFIX_VERSION%
GET %API_PREFIX_LIBPOD_VERSION%
GET %API_PREFIX_INFO%
GET %API_PREFIX_LIBPOD_INFO%`

// aListRule is a line that is a rule, in its parts.
var aListRule = lazily(`^[\t ]*([A-Z]+(?:,[A-Z]+)*)[\t ]+(.+?)[\t ]*$`)

// parseListRule reads a line that is a rule.
func parseListRule(line string) (listRule, error) {
	m := aListRule().FindStringSubmatch(line)
	if m == nil {
		return listRule{}, fmt.Errorf("no rule: %s: METHOD[,METHOD] EXPRESSION is one", quoted(line))
	}
	expression, err := expand(m[2])
	if err != nil {
		return listRule{}, err
	}
	e, err := anchored(expression)
	if err != nil {
		return listRule{}, fmt.Errorf("no expression: %s: %w", quoted(m[2]), err)
	}
	return listRule{strings.Split(m[1], ","), e}, nil
}

// aVariable is a variable in a rule.
var aVariable = lazily(`%(_?[A-Z][A-Z0-9_]*)%`)

// maxExpression bounds what an expression may become, in bytes: variables are made of variables.
const maxExpression = 64 << 10

// expand puts variables in. One that is not known would stand for itself, and never match.
func expand(expression string) (string, error) {
	for aVariable().MatchString(expression) {
		var unknown string
		expression = aVariable().ReplaceAllStringFunc(expression, func(v string) string {
			value, ok := listVariable(v[1 : len(v)-1])
			if !ok {
				unknown = v
			}
			return value
		})
		if unknown != "" {
			return "", fmt.Errorf("no variable: %s", unknown)
		}
		if len(expression) > maxExpression {
			return "", fmt.Errorf("an expression longer than %d bytes", maxExpression)
		}
	}
	return expression, nil
}

// listVariables are the variables of its rules, of all its releases: what they stand for is told
// in its rule.go. Those of sections are not here: see listVariable.
var listVariables = map[string]string{
	"DOMAIN":               `(?:[[:alnum:]](?:[[:alnum:]-]{0,61}[[:alnum:]])?(?:\.[[:alnum:]](?:[[:alnum:]-]{0,61}[[:alnum:]])?)*)`,
	"IPV4":                 `(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})`,
	"IPV6":                 `(?:\[[[:xdigit:]]{0,4}(?::[[:xdigit:]]{0,4}){2,7}(?:%\w+)?\])`,
	"IP":                   `(?:%IPV4%|%IPV6%)`,
	"DOMAIN_OR_IP":         `(?:%DOMAIN%|%IP%)`,
	"HOST_OR_IP":           `(?:%DOMAIN%|%IP%)`,
	"HOST":                 `(?:%DOMAIN_OR_IP%(?::\d+)?)`,
	"HOST_OR_IP_WITH_PORT": `%HOST%`,

	"IMAGE_ID":              `[[:xdigit:]]+`,
	"IMAGE_COMPONENT":       `(?:[[:alnum:]]+(?:(?:\.|__?|-+)[[:alnum:]]+)*)`,
	"IMAGE_TAG":             `(?:\w[\w.-]{0,127})`,
	"IMAGE_DIGEST":          `(?:[[:alpha:]][[:alnum:]]*(?:[_.+-][[:alpha:]][[:alnum:]]*)*:[[:xdigit:]]{32,})`,
	"IMAGE_NAME":            `(?:(?:%HOST%/)?%IMAGE_COMPONENT%(?:/%IMAGE_COMPONENT%)*)`,
	"IMAGE_REFERENCE":       `(?:%IMAGE_NAME%(?::%IMAGE_TAG%)?(?:@%IMAGE_DIGEST%)?)`,
	"IMAGE_ID_OR_REFERENCE": `(?:%IMAGE_ID%|%IMAGE_REFERENCE%)`,
	"IMAGE_ID_OR_NAME":      `(?:%IMAGE_ID%|%IMAGE_NAME%)`,

	"_OBJECT_ID":   `[[:xdigit:]]+`,
	"_OBJECT_NAME": `(?:[[:alnum:]][\w.-]+)`,
	"CONTAINER_ID": `%_OBJECT_ID%`, "CONTAINER_NAME": `%_OBJECT_NAME%`, "CONTAINER_ID_OR_NAME": `(?:%CONTAINER_ID%|%CONTAINER_NAME%)`,
	"VOLUME_ID": `%_OBJECT_ID%`, "VOLUME_NAME": `%_OBJECT_NAME%`, "VOLUME_ID_OR_NAME": `(?:%VOLUME_ID%|%VOLUME_NAME%)`,
	"NETWORK_ID": `%_OBJECT_ID%`, "NETWORK_NAME": `(?:[^/]+)`, "NETWORK_ID_OR_NAME": `(?:%NETWORK_ID%|%NETWORK_NAME%)`,
	"PLUGIN_ID": `%_OBJECT_ID%`, "PLUGIN_NAME": `%IMAGE_NAME%`, "PLUGIN_ID_OR_NAME": `(?:%PLUGIN_ID%|%PLUGIN_NAME%)`,

	"_API_VERSION":      `(?:/v\d+(?:\.\d+)*)`,
	"API_PREFIX":        `%_API_VERSION%?`,
	"API_PREFIX_LIBPOD": `%_API_VERSION%/libpod`,
}

// libpodSections are the segments behind /libpod that have variables.
var libpodSections = []string{"build", "commit", "containers", "events", "exec", "generate", "images", "info", "manifests", "networks", "_ping", "play", "pods", "secrets", "system", "version", "volumes"}

// listVariable returns what a variable stands for.
func listVariable(name string) (string, bool) {
	if name, ok := strings.CutPrefix(name, "API_PREFIX_LIBPOD_"); ok {
		for _, s := range libpodSections {
			if strings.EqualFold(strings.TrimPrefix(s, "_"), name) {
				return "%API_PREFIX_LIBPOD%/" + s, true
			}
		}
		return "", false
	}
	if name, ok := strings.CutPrefix(name, "API_PREFIX_"); ok {
		for _, s := range sections {
			if s.name == name {
				return "%API_PREFIX%/" + s.segment, true
			}
		}
	}
	value, ok := listVariables[name]
	return value, ok
}

// listExpression returns the expression of a rule for an operation, with the variables that all
// releases have.
func listExpression(o *operation, w width) string {
	expression := sentTarget.expression(o, w)
	for _, s := range sections {
		if section(o.Path) != s.segment {
			continue
		}
		rest := strings.TrimPrefix(expression, sentTarget.prefix+"/"+regexp.QuoteMeta(s.segment))
		if rest != expression {
			return "%API_PREFIX_" + s.name + "%" + rest
		}
	}
	return expression
}
