import type { Campaign } from "./campaign.js";

export const programsCampaign: Campaign = { name: "programs", title: "", round: () => [] };
