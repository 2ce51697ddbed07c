// Slack's mrkdwn as DOM nodes; no HTML is ever parsed.

const INLINE = /<([^<>\n]+)>|`([^`\n]+)`|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;
const ITEM = /^\s*(?:[•\-*]|(\d+)\.)\s+(.*)$/;

export const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean" && name in made) made[name] = value;
    else if (value !== undefined && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function mrkdwn(text, names) {
  const made = element("div", { class: "body" });
  text.split("```").forEach((part, index) => {
    if (index % 2) made.append(element("pre", {}, decode(part.replace(/^\n|\n$/g, ""))));
    else lines(part, names, made);
  });
  return made;
}

function lines(text, names, into) {
  let list = null;
  let paragraph = null;
  for (const line of text.split("\n")) {
    const item = ITEM.exec(line);
    const quoted = /^&gt;\s?(.*)$/.exec(line);
    if (item) {
      const tag = item[1] ? "OL" : "UL";
      if (list?.tagName !== tag) into.append((list = element(tag.toLowerCase())));
      list.append(element("li", {}, ...inline(item[2], names)));
      paragraph = null;
      continue;
    }
    list = null;
    if (quoted) {
      into.append(element("blockquote", {}, ...inline(quoted[1], names)));
      paragraph = null;
    } else if (line.trim()) {
      if (paragraph) paragraph.append(element("br"));
      else into.append((paragraph = element("div")));
      paragraph.append(...inline(line, names));
    } else paragraph = null;
  }
}

function inline(text, names) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(decode(text.slice(last, match.index)));
    last = match.index + match[0].length;
    const [, entity, code, bold, italic, struck] = match;
    if (entity) nodes.push(reference(entity, names));
    else if (code) nodes.push(element("code", {}, decode(code)));
    else if (bold) nodes.push(element("strong", {}, ...inline(bold, names)));
    else if (italic) nodes.push(element("em", {}, ...inline(italic, names)));
    else nodes.push(element("s", {}, ...inline(struck, names)));
  }
  nodes.push(decode(text.slice(last)));
  return nodes;
}

function reference(entity, names) {
  const [target, label] = entity.split(/\|(.*)/s);
  if (target.startsWith("@")) return element("span", { class: "mention" }, `@${names.user(target.slice(1)) ?? label ?? target}`);
  if (target.startsWith("#")) return element("span", { class: "mention" }, `#${names.channel(target.slice(1)) ?? label ?? target}`);
  if (target.startsWith("!")) return element("span", { class: "mention" }, label ? decode(label) : `@${target.slice(1)}`);
  if (!/^(https?:|mailto:)/.test(target)) return decode(`<${entity}>`);
  return element("a", { href: decode(target), target: "_blank", rel: "noopener noreferrer" }, decode(label ?? target));
}
