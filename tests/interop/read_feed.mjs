// Reads a feed with ical.js; gives what it understood, in the form of read_feed.py.

import ICAL from "../browser/node_modules/ical.js/dist/ical.js";

const day = (time) => time && `${time.year}-${pad(time.month)}-${pad(time.day)}`;
const pad = (number) => String(number).padStart(2, "0");
const instant = (time) => time && time.toJSDate().toISOString().replace(".000Z", "Z");

export function readFeed(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const faults = [];
  const described = new Set();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
    described.add(zone.getFirstPropertyValue("tzid"));
  }
  const entries = calendar.getAllSubcomponents("vevent").map((component) => {
    const start = component.getFirstProperty("dtstart");
    const zone = start.getParameter("tzid") ?? null;
    if (zone !== null && !described.has(zone)) faults.push(`${zone} has no VTIMEZONE`);
    return told(component, zone);
  });
  return { entries, occurrences: count(calendar), faults };
}

function told(component, zone) {
  const start = component.getFirstPropertyValue("dtstart");
  const end = component.getFirstPropertyValue("dtend");
  const last = end?.clone();
  last?.adjust(start.isDate ? -1 : 0, 0, 0, start.isDate ? 0 : -1);
  return {
    title: component.getFirstPropertyValue("summary"),
    uid: component.getFirstPropertyValue("uid"),
    zone,
    days: [day(start), day(last) ?? null],
    instants: start.isDate ? [] : [instant(start), instant(end) ?? null],
    status: component.getFirstPropertyValue("status") ?? "",
    text: component.getFirstPropertyValue("description") ?? "",
  };
}

// Every occurrence: an entry that repeats would count more than once.
function count(calendar) {
  let all = 0;
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(component);
    if (!event.isRecurring()) {
      all += 1;
      continue;
    }
    const occurrences = event.iterator();
    while (all < 100000 && occurrences.next()) all += 1;
  }
  return all;
}
