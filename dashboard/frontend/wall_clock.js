// The wall's clock, and the hours in which it shows scenes.

/** @import { WallHours } from "./state.js" */

/**
 * What a clock shows in a zone, wherever the machine stands.
 *
 * @param {Date} now @param {string} language @param {string} zone
 * @returns `day` ("Thứ Bảy, 21/11/2026") and `time` ("14:05")
 */
export function clock(now, language, zone) {
  const parts = new Intl.DateTimeFormat(language === "vi" ? "vi-VN" : "en-GB", {
    timeZone: zone,
    weekday: "long",
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { day: `${part.weekday}, ${part.day}/${part.month}/${part.year}`, time: `${part.hour}:${part.minute}` };
}

/** Whether a time, as HH:MM, lies outside the hours, which may run over midnight. @param {string} time @param {WallHours | null} hours */
export function isNight(time, hours) {
  if (!hours) return false;
  const { from, to } = hours;
  return from < to ? time < from || time >= to : time >= to && time < from;
}
